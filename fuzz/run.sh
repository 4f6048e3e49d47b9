#!/usr/bin/env bash
# Runs every decoder against a fuzzer, one after the other: bash fuzz/run.sh SECONDS [NAME…]
# Needs a nightly Rust and cargo-fuzz. Begins with good octets of each (crates/decoders/src/seeds.rs) and keeps what it
# learns in fuzz/corpus/. The last lines say how often each was run; the exit code is 1 if one has found something.
# FUZZ_NODE=1 runs what only the process reads, too, which takes long to build.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?expected a number of seconds}
shift
features=()
[[ -z ${FUZZ_NODE:-} ]] || features=(--features node)
# With the whole workspace, as tests build it: what is built by then is not built again.
cargo build --quiet --workspace --example seeds
"${CARGO_TARGET_DIR:-target}/debug/examples/seeds" fuzz/seeds
# No code here is unsafe: what a sanitizer finds is not looked for, and everything runs at its speed.
fuzz() { cargo +nightly fuzz "$1" --sanitizer none "${features[@]}" "${@:2}"; }
fuzz build
if (($# == 0)); then
    for target in fuzz/fuzz_targets/*.rs; do
        name=$(basename "$target" .rs)
        [[ $name == node_toml && -z ${FUZZ_NODE:-} ]] || set -- "$@" "$name"
    done
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
found=0
summary=''
for name in "$@"; do
    mkdir -p "fuzz/corpus/$name"
    outcome=good
    fuzz run "$name" "fuzz/corpus/$name" "fuzz/seeds/$name" -- \
        -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 >"$log" 2>&1 || outcome=FOUND
    runs=$(grep -oE 'number_of_executed_units: [0-9]+' "$log" | grep -oE '[0-9]+$' || true)
    [[ $outcome == good ]] || { found=1 && tail -n 40 "$log"; }
    summary+=$(printf '%-18s %12s executions, %s' "$name" "${runs:-?}" "$outcome")$'\n'
done
printf '%s' "$summary"
exit "$found"
