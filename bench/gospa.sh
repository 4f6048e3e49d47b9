#!/usr/bin/env bash
# Instants of GOSPA per second on one core: ours over a long history, Stone Soup over the first instants of the same.
# The Python packages come from PyPI into bench/target/gospa-venv. Usage: bench/gospa.sh [OBJECTS] [INSTANTS] [SLICE]
set -euo pipefail
cd "$(dirname "$0")"
objects=${1:-40} instants=${2:-30000} slice=${3:-100}

venv=target/gospa-venv
packages=(numpy==2.4.6 stonesoup==1.9.1)
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
cargo build --quiet --release --bin gospa

# One core for all, and no threads inside numpy.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
pin=()
if command -v taskset >/dev/null; then pin=(taskset -c 0); fi
long=$("${pin[@]}" target/release/gospa "$objects" "$instants")
ours=$("${pin[@]}" target/release/gospa "$objects" "$slice")
theirs=$("${pin[@]}" "$venv/bin/python" python/gospa_reference.py "$objects" "$slice")

echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(uname -sm)"
echo "versions: $(rustc --version | cut -d' ' -f1,2), $(python3 --version), ${packages[*]}"
echo
printf '| GOSPA of %s objects | seconds | instants | instants/s | mean, m |\n|---|---:|---:|---:|---:|\n' "$objects"
row() { awk -F'\t' -v who="$1" '{ printf "| %s, %s | %s | %d | %d | %s |\n", who, $1, $2, $3, $3 / $2, $4 }'; }
row trilat <<<"$long"
row trilat <<<"$ours"
row "Stone Soup" <<<"$theirs"

# The same scenes must have the same distance.
paste <(cut -f4 <<<"$ours") <(cut -f4 <<<"$theirs") | awk '{ d = $1 - $2; if (d * d > 1e-8) exit 1 }' || {
    echo "the two do not agree" >&2
    exit 1
}
