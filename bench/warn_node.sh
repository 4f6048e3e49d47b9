#!/usr/bin/env bash
# How soon a plot is in a CAP file where three nodes run: bench/warn_node.sh [SPEED [SCENARIO]]
# `trilat demo` keeps the journal of Japan's warnings. From it: from the last measurement of an object to the draft,
# with its words in all languages, on the disk; from the approval to the CAP file. A draft is not written within 10 s of
# the one before, which people have to read: where the measurement is of that time, it counts from its end. Fails where
# the longest of both together take as long as is asked. TRILAT=PROGRAM is used in place of one that is built.
set -euo pipefail
cd "$(dirname "$0")/.."
speed=${1:-2}
scenario=${2:-2022-01-27-depressed}
trilat=${TRILAT:-}
if [ -z "$trilat" ]; then
    cargo build --quiet --release --locked -p trilat
    trilat=${CARGO_TARGET_DIR:-target}/release/trilat
fi
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT
"$trilat" demo --headless --json --speed "$speed" --scenario "$scenario" --keep "$kept" >"$kept/said.json" 2>/dev/null

python3 - "$kept/JP/centre/journal.jsonl" "$speed" <<'PYTHON'
import datetime
import json
import statistics
import sys

ASKED_MS = 100.0
APART_MS = 10e3
journal, speed = sys.argv[1], float(sys.argv[2])


def time_ms(text):
    whole, part = text.rstrip("Z").split(".") if "." in text else (text.rstrip("Z"), "0")
    return datetime.datetime.fromisoformat(whole + "+00:00").timestamp() * 1e3 + float("0." + part) * 1e3


drafts, files, drafted, released, longest = [], [], {}, {}, 0.0
with open(journal) as lines:
    for line in lines:
        entry = json.loads(line)
        at_ms = time_ms(entry["at"])
        [(kind, event)] = entry["event"].items()
        name = event.get("warning"), event.get("number")
        if kind == "drafted" and event["by"] == "node":
            from_ms = max(time_ms(event["facts"]["measured"]), drafted.get(name[0], 0.0) + APART_MS)
            if event["kind"] in ("alert", "update") and not event["facts"]["is_lost"]:
                drafts.append((at_ms - from_ms) / speed)
            drafted[name[0]] = at_ms
        elif kind == "released":
            released[name] = at_ms
        elif kind == "reported" and event["outcome"] == "delivered":
            files.append((at_ms - released[name]) / speed)
for what, values in (("last plot to draft on the disk", drafts), ("approval to CAP file on the disk", files)):
    print(f"{what}: {len(values)}, median {statistics.median(values):.1f} ms, most {max(values):.1f} ms")
    longest += max(values)
print(f"both at their longest: {longest:.1f} ms; asked: below {ASKED_MS:.0f} ms")
sys.exit(longest >= ASKED_MS)
PYTHON
