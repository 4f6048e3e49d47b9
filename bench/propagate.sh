#!/usr/bin/env bash
# A 600 s ballistic flight: ours, and SciPy's DOP853 with the same forces; how long each takes, how far apart they end.
# The Python packages come from PyPI into bench/target/propagate-venv.
set -euo pipefail
cd "$(dirname "$0")"

venv=target/propagate-venv
packages=(numpy==2.4.6 scipy==1.17.1)
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
cargo build --quiet --release --bin propagate

export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(uname -sm)"
echo "versions: $(rustc --version | cut -d' ' -f1,2), $(python3 --version), ${packages[*]}"
target/release/propagate
mapfile -t given < <(target/release/propagate --reference)
read -ra numbers <<<"${given[0]}"
rows=$("$venv/bin/python" python/propagate_reference.py "${numbers[@]}")
awk -F'\t' '$1 != "end" { printf "%-55s %9.3f ms\n", $1, $2 }' <<<"$rows"
awk -F'\t' -v ours="${given[1]}" '$1 == "end" {
    split(ours, a, " "); split($2, b, " ")
    printf "ends apart: %.3g m\n", sqrt((a[1] - b[1]) ^ 2 + (a[2] - b[2]) ^ 2 + (a[3] - b[3]) ^ 2)
}' <<<"$rows"
