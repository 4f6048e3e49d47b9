#!/usr/bin/env bash
# EKF cycles per second on one core: ours, a plain nalgebra loop, filterpy and Stone Soup, in one table.
# The Python packages come from PyPI into bench/target/ekf-venv.
set -euo pipefail
cd "$(dirname "$0")"

venv=target/ekf-venv
packages=(numpy==2.4.6 filterpy==2.0.0 stonesoup==1.9.1)
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
cargo build --quiet --release --bin ekf

# One core for all, and no threads inside numpy.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
pin=()
if command -v taskset >/dev/null; then pin=(taskset -c 0); fi
rows=$("${pin[@]}" target/release/ekf; "${pin[@]}" "$venv/bin/python" python/ekf_reference.py)

echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(uname -sm)"
echo "versions: $(rustc --version | cut -d' ' -f1,2), $(python3 --version), ${packages[*]}"
echo
printf '| predict + update, 6 states, range/azimuth/elevation | cycles/s |\n|---|---:|\n'
printf '%s\n' "$rows" | awk -F'\t' '{ printf "| %s | %d |\n", $1, $2 }'

# The floor this project holds itself to.
printf '%s\n' "$rows" | awk -F'\t' '/^trilat EKF, constant velocity/ { exit !($2 >= 1000000) }' || {
    echo "below 1,000,000 cycles/s" >&2
    exit 1
}
