#!/usr/bin/env bash
# The report and the picture in a real browser. Installs what it needs (Debian's Chromium and fonts, playwright-core),
# makes the pages, runs the tests. The last line is "N passed, N failed".
set -euo pipefail
if [[ -n ${BUILT:-} ]]; then BUILT=$(realpath "$BUILT"); fi
cd "$(dirname "$0")"

as_root() { if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo "$@"; fi; }

if ! [[ -x /usr/bin/chromium ]] || ! dpkg-query --show fonts-noto-cjk >/dev/null 2>&1; then
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

# The program and the examples: built now, or those of a build that has been (BUILT=target/debug, of cargo test).
if [[ -z ${BUILT:-} ]]; then
    cargo build --quiet --locked --package trilat --bins --examples
    BUILT=$(realpath "${CARGO_TARGET_DIR:-../target}/debug")
fi
export TRILAT=$BUILT/trilat

pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
"$BUILT/examples/sample_report" "$pages"
# What the program itself leaves when it is run without arguments, in a folder of its own.
own=$(mktemp -d)
trap 'rm -rf "$pages" "$own"' EXIT
(cd "$own" && "$TRILAT" >"$own/said")
grep -q '^The report is in ./trilat-report.html' "$own/said"
mv "$own/trilat-report.html" "$pages/built-in.html"
"$TRILAT" coverage ../crates/trilat/tests/coverage/notional.toml \
    --height-km 10 100 --report "$pages/coverage.html" >"$own/said"
"$BUILT/examples/sample_study" "$pages/study.html"
# And the page that the program itself writes of a few runs.
"$TRILAT" study 2022-01-30-lofted --runs 4 --state "$own/study.runs" \
    --report "$pages/study-lofted.html" >"$own/said"
"$TRILAT" simulate 2022-01-17-two-figures --seed 3 --out "$own/two" >"$own/said"
"$TRILAT" track "$own/two/plots.csv" --sensors "$own/two/sensors.toml" \
    --report "$pages/tracks.html" >"$own/said"
# A fixture node of the picture writes its messages with what the picture reads them with.
[[ -d ../web/node_modules/typescript ]] ||
    npm ci --prefix ../web --ignore-scripts --no-audit --no-fund --loglevel=error

log=$pages/log
status=0
# The program runs beside all but one of these. The others take their minutes: ALL=1, or npm run picture.
picture=(picture/{first,controls,look,warnings,centre,globe,made-up,honest,crowd}.test.js)
if [[ -n ${ALL:-} ]]; then picture=(picture/*.test.js); fi
# One after another: each has the processor to itself.
PAGES=$pages node --test --test-concurrency=1 --test-reporter=tap report.test.js "${picture[@]}" >"$log" || status=$?
grep -E '^ *(ok|not ok) |objects, 10 Hz|first words' "$log" || true
if ((status != 0)); then cat "$log"; fi
passed=$(sed -n 's/^# pass //p' "$log")
failed=$(sed -n 's/^# fail //p' "$log")
echo "${passed:-0} passed, ${failed:-1} failed"
exit "$status"
