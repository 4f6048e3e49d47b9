#!/usr/bin/env bash
# The HTTP interface of a node against its own OpenAPI document: schemathesis makes up questions, right and wrong ones,
# for so many seconds (60) of whoever may look; then some of a releaser in a warning centre, where things are done.
# web-tests/openapi.sh [SECONDS]; TRILAT=PROGRAM is used instead of one that is built.
set -euo pipefail
seconds=${1:-60}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
demo=
finish() {
    if [[ -n $demo ]]; then
        kill -INT "$demo" 2>/dev/null || true
        wait "$demo" || true
    fi
    rm -rf "$work"
}
trap finish EXIT

trilat=${TRILAT:-}
if [[ -z $trilat ]]; then
    cargo build --quiet --locked --manifest-path "$root/Cargo.toml" --package trilat
    trilat=${CARGO_TARGET_DIR:-$root/target}/debug/trilat
fi
python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet --disable-pip-version-check 'schemathesis==4.32.5'

"$trilat" demo --headless --stay --speed 60 --scenario 2022-01-27-depressed >"$work/said" 2>&1 &
demo=$!
until node=$(grep -m 1 -o 'http://127.0.0.1:[0-9]*' "$work/said"); do
    kill -0 "$demo" || { cat "$work/said" >&2; exit 1; }
    sleep 0.2
done
cd "$work"
python/bin/schemathesis run "$node/api/v1/openapi.json" --exclude-path /api/v1/live --max-time "$seconds" \
    --exclude-checks positive_data_acceptance --continue-on-failure --warnings off
TRILAT=$trilat node "$root/web-tests/openapi-centre.js" "$work/python/bin/schemathesis"
