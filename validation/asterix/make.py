"""Decodes the recordings with libasterix, and Mode S registers with pyModeS, and writes sums of every value.

    TRILAT_DATA=... .venv/bin/python make.py > reference.csv

Each row: file, category, field, how many records have it, the sum of its values in the unit of its name, and the sum
of each value times (1 + n mod 997), where n counts the records of the file: two records that trade a value change it.
"""

import os
import struct
import sys

from asterix.base import Bits, RawDatablock
from asterix.generated import Cat_010_1_1, Cat_021_2_6, Cat_034_1_29, Cat_048_1_32, Cat_062_1_20
from pyModeS.decoder.bds import bds40, bds50, bds60

NM, FT, KT, DEG = 1852.0, 0.3048, 1852.0 / 3600.0, 3.141592653589793 / 180.0
FL, FPM = 100.0 * FT, FT / 60.0
CATEGORIES = {10: Cat_010_1_1, 21: Cat_021_2_6, 34: Cat_034_1_29, 48: Cat_048_1_32, 62: Cat_062_1_20}
FILES = [
    "230502-est-080001_BCN_60MN_08_09_A.ast",
    "201002-lebl-080001_mlat_A.ast",
    "201002-lebl-080001_smr_A.ast",
    "croatia/cat_034_048.pcap",
    "croatia/cat_062_065.pcap",
    "croatia/cat034.raw",
    "croatia/cat048.raw",
    "croatia/cat062cat065.raw",
    "croatia/cat21_re.ast",
    "one-record/cat021ed2.1.bin",
    "one-record/cat034ed1.26.bin",
    "one-record/cat048ed1.15.bin",
    "one-record/cat048ed1.23.bin",
]
# libasterix 0.36.3 takes 1/16 m/s for the step of I010/202. The specification says 0.25 m/s, and so does I010/200, the
# same velocity in polar form: hence the factor 4 there.
# category: name: path of the item, scale to the unit of the name (None: an integer as it stands)
FIELDS = {
    10: {
        "message": ("000", None), "time_s": ("140", 1.0), "detection": ("020/TYP", None),
        "on_ground": ("020/GBS", None), "lat_deg": ("041/LAT", 1.0), "lon_deg": ("041/LON", 1.0),
        "range_m": ("040/RHO", 1.0), "azimuth_rad": ("040/TH", DEG), "east_m": ("042/X", 1.0),
        "north_m": ("042/Y", 1.0), "speed_mps": ("200/GSP", NM), "heading_rad": ("200/TRA", DEG),
        "east_mps": ("202/VX", 4.0), "north_mps": ("202/VY", 4.0), "track": ("161/TRK", None),
        "mode_3a": ("060/MODE3A", None), "address": ("220", None), "flight_level_m": ("090/FL", FL),
        "length_m": ("270/LENGTH", 1.0), "orientation_rad": ("270/ORIENTATION", DEG), "width_m": ("270/WIDTH", 1.0),
    },
    21: {
        "time_s": ("071", 1.0), "transmitted_s": ("077", 1.0), "address": ("080", None),
        "geometric_height_m": ("140", FT), "flight_level_m": ("145", FL), "ground_speed_mps": ("160/GS", NM),
        "track_rad": ("160/TA", DEG), "geometric_rate_mps": ("157/GVR", FPM), "pressure_rate_mps": ("155/BVR", FPM),
        "nacv": ("090/NUCRNACV", None), "nic": ("090/NUCPNIC", None), "nacp": ("090/NACP", None),
        "sil": ("090/SIL", None), "gva": ("090/GVA", None), "version": ("210/VN", None),
        "mode_3a": ("070/MODE3A", None), "emitter": ("020", None), "track": ("161/TRNUM", None),
    },
    34: {
        "message": ("000", None), "time_s": ("030", 1.0), "sector_rad": ("020", DEG), "rotation_s": ("041", 1.0),
        "height_m": ("120/HGT", 1.0), "lat_deg": ("120/LAT", 1.0), "lon_deg": ("120/LON", 1.0),
    },
    48: {
        "time_s": ("140", 1.0), "detection": ("020/TYP", None), "simulated": ("020/SIM", None),
        "field_monitor": ("020/RAB", None), "range_m": ("040/RHO", NM), "azimuth_rad": ("040/THETA", DEG),
        "mode_3a": ("070/MODE3A", None), "mode_3a_smoothed": ("070/L", None), "flight_level_m": ("090/FL", FL),
        "flight_level_invalid": ("090/V", None), "flight_level_garbled": ("090/G", None),
        "secondary_runlength_rad": ("130/SRL", DEG), "secondary_replies": ("130/SRR", None),
        "secondary_amplitude_dbm": ("130/SAM", 1.0), "primary_runlength_rad": ("130/PRL", DEG),
        "primary_amplitude_dbm": ("130/PAM", 1.0), "range_difference_m": ("130/RPD", NM),
        "azimuth_difference_rad": ("130/APD", DEG), "address": ("220", None), "track": ("161/TRN", None),
        "track_east_m": ("042/X", NM), "track_north_m": ("042/Y", NM), "speed_mps": ("200/GSP", NM),
        "heading_rad": ("200/HDG", DEG), "tentative": ("170/CNF", None), "doubtful": ("170/DOU", None),
        "manoeuvring": ("170/MAH", None), "height_3d_m": ("110/3DH", FT), "doppler_mps": ("120/CAL/CAL", 1.0),
    },
    62: {
        "time_s": ("070", 1.0), "lat_deg": ("105/LAT", 1.0), "lon_deg": ("105/LON", 1.0), "east_m": ("100/X", 1.0),
        "north_m": ("100/Y", 1.0), "east_mps": ("185/VX", 1.0), "north_mps": ("185/VY", 1.0),
        "east_mps2": ("210/AX", 1.0), "north_mps2": ("210/AY", 1.0), "mode_3a": ("060/MODE3A", None),
        "address": ("380/ADR", None), "track": ("040", None), "turn": ("200/TRANS", None),
        "flight_level_m": ("136", FL), "geometric_altitude_m": ("130", FT), "pressure_altitude_m": ("135/CTB", FL),
        "climb_mps": ("220", FPM), "sigma_east_m": ("500/APC/X", 1.0), "sigma_velocity_east_mps": ("500/ATV/X", 1.0),
        "sigma_geometric_m": ("500/AGA", FT),
    },
}
CALLSIGNS = {10: ["245/CHR"], 21: ["170"], 48: ["240"], 62: ["245/CHR", "380/ID"]}
REGISTERS = {10: "250", 21: "250", 48: "250", 62: "380/BDSDATA"}
MODE_S = {
    "selected_altitude_m": (bds40.selalt40mcp, FT), "pressure_setting_hpa": (bds40.p40baro, 1.0),
    "roll_rad": (bds50.roll50, DEG), "track_rad": (bds50.trk50, DEG), "ground_speed_mps": (bds50.gs50, KT),
    "track_rate_radps": (bds50.rtrk50, DEG), "true_airspeed_mps": (bds50.tas50, KT),
    "magnetic_heading_rad": (bds60.hdg60, DEG), "indicated_airspeed_mps": (bds60.ias60, KT),
    "mach": (bds60.mach60, 1.0), "pressure_rate_mps": (bds60.vr60baro, FPM),
    "inertial_rate_mps": (bds60.vr60ins, FPM),
}
BDS_OF = {name: 0x40 if i < 2 else 0x50 if i < 7 else 0x60 for i, name in enumerate(MODE_S)}


def payloads(path):
    """The content of a raw file, or of the UDP datagrams of a pcap file of Ethernet and IPv4."""
    data = open(path, "rb").read()
    if data[:4] != b"\xd4\xc3\xb2\xa1":
        yield data
        return
    at = 24
    while at < len(data):
        kept = struct.unpack("<I", data[at + 8 : at + 12])[0]
        packet = data[at + 16 : at + 16 + kept]
        head = 14 + (packet[14] & 15) * 4
        yield packet[head + 8 : head + struct.unpack(">H", packet[head + 4 : head + 6])[0]]
        at += 16 + kept


def find(record, path):
    """The item at a path, or None."""
    first, *rest = path.split("/")
    item = record.get_item(first)
    for name in rest:
        item = item and item.variation.get_item(name)
    return item


def value(item, scale):
    if scale is None:
        return item.as_uint()
    return item.variation.content.as_quantity() * scale


def records(path):
    for payload in payloads(path):
        at = 0
        while at < len(payload):
            # One block at a time: the library recurses over those of a whole file.
            length = struct.unpack(">H", payload[at + 1 : at + 3])[0]
            [block] = RawDatablock.parse(Bits.from_bytes(payload[at : at + length]))
            at += length
            spec = CATEGORIES.get(block.get_category())
            if spec:
                parsed = spec.cv_uap.parse(block.get_raw_records())
                assert not isinstance(parsed, ValueError), parsed
                for record in parsed:
                    yield block.get_category(), record


def values(category, record):
    """Every field of a record that is there."""
    source = record.get_item("010").variation
    yield "sac", source.get_item("SAC").as_uint()
    yield "sic", source.get_item("SIC").as_uint()
    for name, (path, scale) in FIELDS[category].items():
        item = find(record, path)
        if item is not None:
            yield name, value(item, scale)
    if category == 21:
        coarse, finer = record.get_item("073"), record.get_item("074")
        if coarse is not None:
            received_s = value(coarse, 1.0)
            if finer is not None:
                whole_s = int(received_s) + {0: 0, 1: 1, 2: -1}[value(finer.variation.get_item("FSI"), None)]
                received_s = whole_s + value(finer.variation.get_item("TOMRP"), 1.0)
            yield "received_s", received_s
        # The finer of the two positions.
        for item in (record.get_item("131"), record.get_item("130")):
            if item is not None:
                yield "lat_deg", value(item.variation.get_item("LAT"), 1.0)
                yield "lon_deg", value(item.variation.get_item("LON"), 1.0)
                break
    callsigns = [find(record, path) for path in CALLSIGNS.get(category, [])]
    for callsign in [callsign for callsign in callsigns if callsign is not None][:1]:
        text = callsign.variation.content.as_string().strip()
        yield "callsign", sum(ord(letter) * (i + 1) for i, letter in enumerate(text))
    registers = category in REGISTERS and find(record, REGISTERS[category])
    for register in registers.variation.get_list() if registers else []:
        bits = register.as_uint()
        bds, content = bits & 0xFF, bits >> 8
        yield "bds", bds
        message = f"A0000000{content:014X}000000"
        for name, (decode, scale) in MODE_S.items():
            found = decode(message) if BDS_OF[name] == bds else None
            if found is not None:
                yield name, found * scale


def main():
    print("file,category,field,count,sum,weighted")
    for name in FILES:
        sums = {}
        for n, (category, record) in enumerate(records(os.path.join(os.environ["TRILAT_DATA"], "asterix", name))):
            for field, number in values(category, record):
                count, total, weighted = sums.get((category, field), (0, 0.0, 0.0))
                sums[category, field] = (count + 1, total + number, weighted + number * (1 + n % 997))
        for (category, field), (count, total, weighted) in sorted(sums.items()):
            print(f"{name},{category},{field},{count},{total!r},{weighted!r}")
        print(name, sum(c for (_, f), (c, _, _) in sums.items() if f == "sac"), file=sys.stderr)


if __name__ == "__main__":
    main()
