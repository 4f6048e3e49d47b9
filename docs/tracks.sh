#!/usr/bin/env bash
# Makes the tables of docs/tracks.md: every scenario that comes with the program, simulated, tracked by each owner alone
# and by all together, and scored. docs/tracks.sh [SEEDS [SCENARIO…]]: with scenarios they are printed, else written
# into the document (3 seeds). KEEP=DIR keeps all files, and what is there already is not made again; TRILAT=PROGRAM is
# used instead of one that is built.
set -euo pipefail
cd "$(dirname "$0")/.."
seeds=${1:-3}
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

one() {
    local dir="$work/$1-$2" owners=()
    [ ! -s "$dir/$3.json" ] || return 0
    [ "$3" = all ] || owners=(--owner "$3")
    local given=(--sensors "$dir/sensors.toml" "${owners[@]}")
    # An owner without a plot has no tracks: exit code 4.
    [ -s "$dir/$3.csv" ] ||
        "$trilat" track "$dir/plots.csv" "${given[@]}" --out "$dir/$3.csv" >"$dir/$3.txt" 2>/dev/null || return 0
    "$trilat" score "$dir/$3.csv" "$dir/truth.csv" --plots "$dir/plots.csv" "${given[@]}" --json >"$dir/$3.json"
}
for scenario in "${scenarios[@]}"; do
    for seed in $(seq "$seeds"); do
        [ -d "$work/$scenario-$seed" ] ||
            "$trilat" simulate "scenarios/$scenario.toml" --seed "$seed" --out "$work/$scenario-$seed" >/dev/null 2>&1
        for owner in JP KR US all; do
            one "$scenario" "$seed" "$owner"
        done
    done
done

python3 - "$work" "$seeds" "${scenarios[@]}" >"$work/tables.md" <<'PYTHON'
import json
import pathlib
import statistics
import sys

work, seeds, scenarios = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
NONE = "–"
# With fewer plots an object is not asked to have a track.
PLOTS_MIN = 10


def runs(scenario, owner):
    for seed in range(1, seeds + 1):
        file = work / f"{scenario}-{seed}" / f"{owner}.json"
        if file.exists() and file.stat().st_size:
            yield json.loads(file.read_text())


def length(metres):
    if metres < 999.5:
        return f"{metres:.0f} m"
    return f"{metres / 1e3:.{1 if metres < 99_950 else 0}f} km"


def median(values, words):
    values = [value for value in values if value is not None]
    return words(statistics.median(values)) if values else NONE


def mean(pairs):
    """The mean of values with their weights; none without a value."""
    pairs = [(value, weight) for value, weight in pairs if value is not None]
    weight = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / weight if weight else None


def row(scenario, owner):
    found = list(runs(scenario, owner))
    objects = [of for run in found for of in run["per_object"]]
    seen = [of for of in objects if (of["plots"] or 0) >= PLOTS_MIN]
    if not seen:
        return [owner, "0"] + [NONE] * 11
    life = sum(of["life_s"] for of in seen)
    tracked = sum(of["tracked_s"] for of in seen)
    off = mean([(of["position_rms_m"] and of["position_rms_m"] ** 2, of["updates"]) for of in seen])
    bounds = [run["bound"] for run in found if run["bound"] and run["bound"]["updates"]]
    ratio = mean([(bound["position_ratio"] ** 2, bound["updates"]) for bound in bounds])
    nees = mean([(of["nees"], of["updates"]) for of in seen])
    areas = [of["area"] for of in seen if of["area"]]
    right = [area for area in areas if area["lasting_s"] is not None]
    ambiguity = mean([(run["siap"]["ambiguity"], 1) for run in found])
    first = [of["first_update_s"] - of["first_plot_s"] for of in seen if of["first_update_s"] is not None]
    return [
        owner,
        f"{len(seen) / seeds:.3g}",
        f"{100 * tracked / life:.0f} %" if life else NONE,
        str(sum(of["first_update_s"] is None for of in seen)),
        f"{ambiguity:.2f}" if ambiguity else NONE,
        f"{sum(run['siap']['breaks'] for run in found)} / {sum(run['siap']['swaps'] for run in found)}",
        str(sum(len(run["false_tracks"]) for run in found)),
        median(first, lambda s: f"{s:.1f} s"),
        length(off**0.5) if off is not None else NONE,
        f"{ratio**0.5:.2f}" if ratio is not None else NONE,
        f"{nees:.1f}" if nees is not None else NONE,
        f"{len(right)} / {len(areas)}" if areas else NONE,
        f"{median([a['before_arrival_s'] for a in right], lambda s: f'{s:.0f} s')}, "
        f"{median([a['diameter_m'] for a in right], length)}"
        if right
        else NONE,
    ]


HEAD = [
    "owner",
    "objects",
    "tracked",
    "never",
    "tracks each",
    "breaks / swaps",
    "false",
    "first after",
    "off",
    "of the bound",
    "NEES (6)",
    "area right",
    "before, length",
]
print("| scenario | " + " | ".join(HEAD) + " |")
print("|---|---|" + "---:|" * (len(HEAD) - 1))
for scenario in scenarios:
    for index, owner in enumerate(["JP", "KR", "US", "all"]):
        print(f"| {scenario if index == 0 else ''} | " + " | ".join(row(scenario, owner)) + " |")

print()
print("| all together, said with 95 % | objects | forecasts | right in place and time | right at the end |")
print("|---|---:|---:|---:|---:|")
every = [of for scenario in scenarios for run in runs(scenario, "all") for of in run["per_object"] if of["area"]]
for kind in sorted({of["kind"] for of in every}):
    areas = [of["area"] for of in every if of["kind"] == kind]
    said, right = sum(area["said"] for area in areas), sum(area["right"] for area in areas)
    last = sum(area["lasting_s"] is not None for area in areas)
    print(f"| arrival of {kind} | {len(areas)} | {said} | {100 * right / said:.0f} % | {last} |")
held = [
    held
    for scenario in scenarios
    for run in runs(scenario, "all")
    for held in run["containment"]["launch"]
    if held["place"]["probability"] == 0.95
]
said = sum(of["place"]["of"] for of in held)
place, time = (sum(of[what]["inside"] for of in held) for what in ("place", "time"))
print(f"| launch | {NONE} | {said} | {100 * place / said:.0f} % in place, {100 * time / said:.0f} % in time | {NONE} |")
PYTHON
if [ $# -gt 0 ]; then
    cat "$work/tables.md"
    exit
fi
python3 - "$work/tables.md" docs/tracks.md <<'PYTHON'
import pathlib
import sys

tables, document = (pathlib.Path(name) for name in sys.argv[1:])
before, rest = document.read_text().split("<!-- tables -->\n")[:2]
after = rest.split("<!-- end -->\n")[1]
document.write_text(f"{before}<!-- tables -->\n{tables.read_text()}<!-- end -->\n{after}")
PYTHON
