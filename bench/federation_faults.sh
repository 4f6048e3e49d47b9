#!/usr/bin/env bash
# Real faults of three whole nodes on machines of their own (bench/network.sh), and what has to come of each:
#   bench/federation_faults.sh [PROGRAM [NAME…]]      PROGRAM is trilat, built for release if it is not named
# Prints a line for each, ok or FAILED, and fails if one is FAILED. Names: kill-sender, kill-receiver, freeze, cut,
# rate, loss, wrong-certificate, expired-certificate, rogue-authority, full-disk, marker, existence, nothing. Needs
# root, and what bench/network.sh needs; takes about ten minutes. Whatever happens, nothing is left behind.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
export TRILAT_FEDERATION=$folder/nodes TRILAT_NET=trilatfed
clean() {
    bash bench/network.sh down
    umount -l "$TRILAT_FEDERATION/disk" 2>/dev/null || true
    rm -rf "$folder"
}
trap clean EXIT

program=()
if [[ $# -gt 0 ]]; then
    program=(--trilat "$1")
    shift
fi
cargo build --release --quiet --manifest-path bench/Cargo.toml --bin federation --bin node_log
bench/target/release/federation "${program[@]}" faults "$@"
