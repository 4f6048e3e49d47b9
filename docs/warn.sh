#!/usr/bin/env bash
# Makes the table of docs/warn.md: scenarios that come with the program, simulated, tracked from the plots of all
# owners, and what people would have been told held against the truth. docs/warn.sh [SEED [SCENARIO…]]: with scenarios
# the table is printed, else written into the document (seed 1, all scenarios). KEEP=DIR keeps all files, and what is
# there already is not made again; TRILAT=PROGRAM is used instead of one that is built.
set -euo pipefail
cd "$(dirname "$0")/.."
seed=${1:-1}
shift || true
trilat=${TRILAT:-}
if [ -z "$trilat" ]; then
    cargo build --quiet --release -p trilat
    trilat=$PWD/target/release/trilat
fi
work=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
scenarios=("$@")
[ $# -gt 0 ] || mapfile -t scenarios < <(cd scenarios && ls ./*.toml | sed 's|^\./||; s|\.toml$||')

for scenario in "${scenarios[@]}"; do
    dir="$work/$scenario-$seed"
    [ -d "$dir" ] || "$trilat" simulate "scenarios/$scenario.toml" --seed "$seed" --out "$dir" >/dev/null 2>&1
    given=(--sensors "$dir/sensors.toml")
    # What everybody still has where an owner leaves the agreement.
    plots="$dir/plots.csv"
    [ ! -s "$dir/plots-of-partners.csv" ] || plots="$dir/plots-of-partners.csv"
    # Without a plot there is no track: exit code 4.
    [ -s "$dir/all.csv" ] || "$trilat" track "$plots" "${given[@]}" --out "$dir/all.csv" >/dev/null 2>&1 || true
    [ ! -s "$dir/all.csv" ] ||
        "$trilat" warn replay "$dir/all.csv" --truth "$dir/truth.csv" --plots "$plots" "${given[@]}" --json \
            >"$dir/warned.json" 2>/dev/null
done

python3 - "$work" "$seed" "${scenarios[@]}" >"$work/warned.md" <<'PYTHON'
import json
import pathlib
import statistics
import sys

work, seed, scenarios = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
NONE = "–"


def seconds(values):
    values = [value for value in values if value is not None]
    return f"{statistics.median(values):.0f} s" if values else NONE


def middle(values):
    values = [value for value in values if value is not None]
    return f"{statistics.median(values):.0f}" if values else NONE


print("| scenario | came down, told | first | right | places | before | fine | before | right of all | lost | false |")
print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
for scenario in scenarios:
    file = work / f"{scenario}-{seed}" / "warned.json"
    if not file.exists() or not file.stat().st_size:
        print(f"| {scenario} | nothing seen |" + f" {NONE} |" * 9)
        continue
    found = json.loads(file.read_text())["objects"]
    came = [one for one in found if one["arrival"] and one["first_plot"]]
    told = [one for one in came if one["messages"]]
    right, all_of = sum(one["right"] for one in told), sum(one["messages"] for one in told)
    share = f"{100 * right / all_of:.0f} % of {all_of}" if all_of else NONE
    cells = [
        f"{len(came)}, {len(told)}",
        seconds(one["first_s"] for one in told),
        seconds(one["first_right_s"] for one in told),
        middle(one["first_right_places"] for one in told),
        seconds(one["before_arrival_s"] for one in told),
        seconds(one["first_fine_s"] for one in told),
        seconds(one["fine_before_arrival_s"] for one in told),
        share,
        str(sum(one["lost"] for one in told)),
        str(sum(len(one["wrong_claims"]) for one in found)),
    ]
    print(f"| {scenario} | " + " | ".join(cells) + " |")
PYTHON

if [ $# -gt 0 ]; then
    cat "$work/warned.md"
else
    python3 - "$work/warned.md" docs/warn.md <<'PYTHON'
import pathlib
import sys

table, document = pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[2])
text = document.read_text()
head, rest = text.split("<!-- table -->\n", 1)
_, tail = rest.split("<!-- end -->", 1)
document.write_text(head + "<!-- table -->\n" + table + "<!-- end -->" + tail)
PYTHON
fi
