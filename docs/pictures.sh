#!/usr/bin/env bash
# Makes the pictures of README.md and docs/study.md with Debian's Chromium: docs/pictures.sh (needs $TRILAT_DATA, and
# Pillow to bring them down to 128 colours).
set -euo pipefail
cd "$(dirname "$0")/.."
data=${TRILAT_DATA:-../shared/data}/radar-flight
pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
cargo run --quiet -- path "$data/plots.csv" --sensors "$data/sensors.toml" --until 2021-09-09T17:26:40Z \
    --report "$pages/report.html" >/dev/null
cargo run --quiet -- coverage scenarios/2022-01-30-lofted.toml --height-km 100 \
    --report "$pages/coverage.html" >/dev/null
cargo run --quiet --release -- study 2022-01-30-lofted --runs 200 --state "$pages/study.runs" \
    --report "$pages/study.html" >/dev/null
shot() {
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --window-size=1040,"$2" \
        --screenshot="docs/$1.png" "file://$pages/$1.html" >/dev/null 2>&1
}
shot report 1420
shot coverage 1330
shot study 1900
python3 - <<'PYTHON'
from PIL import Image

for name in ["docs/report.png", "docs/coverage.png", "docs/study.png"]:
    Image.open(name).convert("RGB").quantize(128).save(name, optimize=True)
PYTHON
