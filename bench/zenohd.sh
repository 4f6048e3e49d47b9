#!/usr/bin/env bash
# Builds a router, zenohd, of the version of our link engine, once, and prints where it is: bench/zenohd.sh [FOLDER]
# The tests of links through a router run it:
#   TRILAT_ZENOHD=$(bash bench/zenohd.sh) cargo test -p node --features zenohd --test router
set -euo pipefail

folder=${1:-/tmp/trilat-zenohd}
version=$(sed -n '/^name = "zenoh"$/{n;s/^version = "\(.*\)"$/\1/p}' "$(dirname "$0")/../Cargo.lock")
if ! "$folder/bin/zenohd" --version 2>/dev/null | grep -q "v$version"; then
    # QUIC and TLS and nothing else, as our nodes have them.
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        nice -n 19 cargo install zenohd --locked --version "$version" --root "$folder" --target-dir "$folder/target" \
        --no-default-features --features zenoh/transport_quic,zenoh/transport_tls >&2
    rm -rf "$folder/target"
fi
printf '%s\n' "$folder/bin/zenohd"
