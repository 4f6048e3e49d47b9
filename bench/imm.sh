#!/usr/bin/env bash
# Cycles per second on one core of an IMM of three linear filters: ours beside filterpy, of the same numbers.
# The Python packages come from PyPI into bench/target/ekf-venv.
set -euo pipefail
cd "$(dirname "$0")"

venv=target/ekf-venv
packages=(numpy==2.4.6 filterpy==2.0.0)
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
cargo build --quiet --release --bin imm

# One core for all, and no threads inside numpy.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
pin=()
if command -v taskset >/dev/null; then pin=(taskset -c 0); fi
ours=$("${pin[@]}" target/release/imm)
theirs=$("${pin[@]}" "$venv/bin/python" python/imm_reference.py)

echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(uname -sm)"
echo "versions: $(rustc --version | cut -d' ' -f1,2), $(python3 --version), ${packages[*]}"
echo
printf '| IMM of three linear filters, 6 states | cycles/s | y, m | probability of the first |\n|---|---:|---:|---:|\n'
printf '%s\n%s\n' "$ours" "$theirs" | awk -F'\t' '{ printf "| %s | %d | %s | %s |\n", $1, $2, $3, $4 }'

# The same numbers must come out, and fast enough.
paste <(cut -f2- <<<"$ours") <(cut -f3- <<<"$theirs") | awk -F'\t' '
    { d = $2 - $4; p = $3 - $5 }
    d * d > 1e-8 || p * p > 1e-10 { print "the two do not agree" > "/dev/stderr"; exit 1 }
    $1 < 300000 { print "below 300,000 cycles/s" > "/dev/stderr"; exit 1 }'
