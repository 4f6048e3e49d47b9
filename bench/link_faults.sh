#!/usr/bin/env bash
# Faults of links between real processes on machines of their own (bench/network.sh), and what has to come of each.
#   bench/link_faults.sh [PROGRAM]       PROGRAM is bench's `link`, built for release if it is not named
# Prints a line for each and fails if one is not as it has to be. Needs root; takes about a minute.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${1:-}
if [[ -z $program ]]; then
    cargo build --release --quiet --manifest-path bench/Cargo.toml --bin link
    program=bench/target/release/link
fi
program=$(realpath "$program")
export TRILAT_NET=faults
folder=$(mktemp -d)
failed=0

network() { bash bench/network.sh "$@"; }
clean() {
    local space pid
    for space in a b; do
        for pid in $(ip netns pids "faults-$space" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
    done
    network down
    rm -rf "$folder"
}
trap clean EXIT

say() { # say WHETHER WHAT
    printf '%s: %s\n' "$1" "$2"
    [[ $1 == ok ]] || failed=1
}

seen=0
# expect WORD SECONDS WHAT: the next thing that happens to a's link is WORD, within so many seconds.
expect() {
    local begin=$EPOCHREALTIME word
    word=$(timeout "$2" tail -n "+$((seen + 1))" -f "$folder/events" | grep -m 1 . || true)
    seen=$((seen + 1))
    local took
    took=$(echo "$begin $EPOCHREALTIME" | awk '{ printf "%.1f s", $2 - $1 }')
    if [[ $word == "$1" ]]; then
        say ok "$3: $word after $took"
    else
        say FAILED "$3: '$word', not '$1'"
        seen=$((seen - 1))
    fi
}

# silence SECONDS WHAT: nothing happens to a's link for so long.
silence() {
    if timeout "$1" tail -n "+$((seen + 1))" -f "$folder/events" | grep -q -m 1 .; then
        say FAILED "$2: something happened"
    else
        say ok "$2: nothing for $1 s"
    fi
}

# partner NAME: b's end, with the certificate of that name; its process is in $partner.
partner() {
    ip netns exec faults-b "$program" echo ours "$1" a "$folder" connect quic/10.77.0.1:7447 \
        >>"$folder/b.log" 2>&1 &
    partner=$!
}

network down
network up a b
"$program" certificates "$folder" a b c
ip netns exec faults-a "$program" events a b "$folder" listen quic/10.77.0.1:7447 \
    >"$folder/events" 2>"$folder/a.log" &

for false_name in b-expired b-rogue; do
    partner "$false_name"
    silence 3 "certificate $false_name"
    kill "$partner"
    wait "$partner" 2>/dev/null || true
done
partner c
silence 3 "partner c in the place of b"
kill "$partner"
wait "$partner" 2>/dev/null || true

(exec bash bench/network.sh capture b "$folder/wire.pcap" 2>"$folder/tcpdump.log") &
capture=$!
partner b
expect up 30 "partner b comes"
network cut b
expect down 6 "its link is cut"
network heal b
expect up 30 "its link is healed"
kill -KILL "$partner"
expect down 6 "its process is killed"
wait "$partner" 2>/dev/null || true
partner b
expect up 30 "its process is started anew"
kill -STOP "$partner"
expect down 6 "its process is frozen"
kill -CONT "$partner"
expect up 30 "its process goes on"
kill "$partner"
expect down 6 "its process is ended"
wait "$partner" 2>/dev/null || true

# load WHAT LOST_MAX: 500 messages a second there and back for 4 s, with at most so many lost.
load() {
    partner_load=""
    ip netns exec faults-b "$program" echo ours b a "$folder" connect quic/10.77.0.1:7448 >>"$folder/b.log" 2>&1 &
    partner_load=$!
    local figures lost
    figures=$(timeout 60 ip netns exec faults-a \
        "$program" round ours a b "$folder" listen quic/10.77.0.1:7448 500 200 4 | grep p50_ms || true)
    kill "$partner_load"
    wait "$partner_load" 2>/dev/null || true
    lost=$(sed -n 's/.*"lost":\([0-9]*\).*/\1/p' <<<"$figures")
    if [[ -n $lost ]] && ((lost <= $2)); then say ok "$1: $figures"; else say FAILED "$1: ${figures:-nothing}"; fi
}
load "nothing wrong" 0
network lose b 2
load "2 % lost each way" 0
network free b
network rate b 2mbit
load "2 Mbit/s" 0
network free b

# Everything that was captured is encrypted: no key, no name, no content.
kill -INT "$capture"
wait "$capture" || true
packets=$(tcpdump -n -r "$folder/wire.pcap" 2>/dev/null | wc -l)
if LC_ALL=C grep -aqP 'trilat/v1|authority|\xff{16}' "$folder/wire.pcap"; then
    say FAILED "something stands in the clear in $packets packets"
elif ((packets < 1000)); then
    say FAILED "only $packets packets were captured"
else
    say ok "no key, name or content in $packets packets"
fi
exit "$failed"
