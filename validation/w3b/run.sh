#!/usr/bin/env bash
# Fits the arc of satellite W3B and prints the result as JSON. The data lie under $TRILAT_DATA (default ../shared/data
# beside the checkout). Usage: validation/w3b/run.sh [more arguments of trilat path]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
data=$(realpath "${TRILAT_DATA:-$root/../shared/data}")
for file in satellite-od/W3B.aer satellite-od/stations.csv geodesy/EGM96-truncated-21x21; do
    [ -r "$data/$file" ] && continue
    echo "run.sh: $data/$file is missing; set TRILAT_DATA to the folder that holds it" >&2
    exit 1
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Columns of the .aer file: time (UTC), kind, station, then range in km, or azimuth and elevation in degrees.
awk 'BEGIN { OFS = ","; print "time", "sensor", "range_m", "azimuth_deg", "elevation_deg" }
     $2 == "RANGE" { printf "%sZ,%s,%.4f,,\n", $1, $3, $4 * 1000 }
     $2 == "AZ_EL" { printf "%sZ,%s,,%s,%s\n", $1, $3, $4, $5 }' "$data/satellite-od/W3B.aer" > "$work/plots.csv"

# Sigmas as the operator's case states them; biases of kilometres and tenths of a degree are expected.
awk -F, 'NR > 1 { printf "[[sensor]]\nname = \"%s\"\nowner = \"operator\"\n" \
     "lat_deg = %s\nlon_deg = %s\nheight_m = %s\n" \
     "measures = [\"range\", \"azimuth\", \"elevation\"]\nrange_sigma_m = 20.0\nazimuth_sigma_deg = 0.02\n" \
     "elevation_sigma_deg = 0.02\nrange_bias_sigma_m = 20000.0\nazimuth_bias_sigma_deg = 0.3\n" \
     "elevation_bias_sigma_deg = 0.3\n\n", $1, $2, $3, $4 }' "$data/satellite-od/stations.csv" > "$work/sensors.toml"

cd "$root"
trilat=${TRILAT:-}
if [ -z "$trilat" ]; then
    cargo build --release --quiet --package trilat
    trilat=${CARGO_TARGET_DIR:-target}/release/trilat
fi
"$trilat" path "$work/plots.csv" --sensors "$work/sensors.toml" --model "$here/model.toml" \
    --gravity-field "$data/geodesy/EGM96-truncated-21x21" --epoch 2010-11-02T02:56:15.690Z --json "$@"
