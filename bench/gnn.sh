#!/usr/bin/env bash
# Plots per second on one core: 500 objects, a quarter of the plots of nothing, nine of ten seen; the tracker beside
# Stone Soup's global nearest neighbour, plain and with its TPR tree, on the same plots. Then belief propagation for one
# scan of 50 objects 500 m abreast. The Python packages come from PyPI into bench/target/gnn-venv.
# Usage: bench/gnn.sh [SCANS OF THE TREE] [SCANS OF THE PLAIN]
set -euo pipefail
cd "$(dirname "$0")"
tree=${1:-20} plain=${2:-2}

venv=target/gnn-venv
packages=(numpy==2.4.6 stonesoup==1.9.1 rtree==1.4.1)
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
cargo build --quiet --release --bin gnn --bin associate

# One core for all, and no threads inside numpy.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
pin=()
if command -v taskset >/dev/null; then pin=(taskset -c 0); fi
plots=$(mktemp) tracks=$(mktemp)
trap 'rm -f "$plots" "$tracks"' EXIT
target/release/gnn plots >"$plots"
rows=$("${pin[@]}" target/release/gnn track "$tree")
rate=$("${pin[@]}" "$venv/bin/python" python/gnn_reference.py "$plots" tree "$tree" "$tracks")
rows+=$'\n'$(target/release/gnn score "$tracks" "Stone Soup, TPR tree" "$rate")
rate=$("${pin[@]}" "$venv/bin/python" python/gnn_reference.py "$plots" plain "$plain" "$tracks")
rows+=$'\n'"Stone Soup, plain, $plain scans"$'\t'"$rate"$'\t'

echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(uname -sm)"
echo "versions: $(rustc --version | cut -d' ' -f1,2), $(python3 --version), ${packages[*]}"
echo
printf '| 500 objects, clutter 25 %%, Pd 0.9 | plots/s | GOSPA, m |\n|---|---:|---:|\n'
awk -F'\t' '{ printf "| %s | %s | %s |\n", $1, $2, $3 }' <<<"$rows"
echo
printf '| 50 objects 500 m abreast, one scan | sigma, m | ms | with likelihoods, ms |\n|---|---:|---:|---:|\n'
for sigma in 250 500 1000; do
    "${pin[@]}" target/release/associate | awk -v sigma="$sigma" '
        /50 abreast/ && $4 == sigma && ($6 == "Lbp" || $6 == "Exact") {
            note = /exceeded/ ? " (budget exceeded, says so)" : ""
            printf "| trilat, %s%s | %s | %s | |\n", $6, note, sigma, $7 }'
    "${pin[@]}" "$venv/bin/python" python/lbp_reference.py "$sigma" |
        awk -F'\t' -v sigma="$sigma" '{ printf "| Stone Soup, Lbp | %s | %s | %s |\n", sigma, $1, $2 }'
done

awk -F'\t' 'NR == 1 && $2 < 100000 { print "below 100,000 plots/s"; bad = 1 }
    NR == 1 { ours = $3 } NR == 2 && ours > $3 { print "GOSPA is worse"; bad = 1 }
    END { exit bad }' <<<"$rows" >&2
