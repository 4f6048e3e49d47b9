#!/usr/bin/env bash
# Machines on a network of their own, within this one, whose links can be cut, slowed and made to lose: bench/network.sh
#
#   up NAME…             a machine each, on one switch: 10.77.0.1, 10.77.0.2, … in the order given
#   run NAME COMMAND…    runs a command on a machine
#   address NAME         prints its address
#   cut NAME | heal NAME nothing passes between it and the others, silently | it does again
#   rate NAME RATE       what it sends and gets passes at most so fast, such as 10mbit
#   lose NAME PERCENT    so much of what it sends and gets is lost, each packet by chance
#   free NAME            neither
#   capture NAME FILE    writes what it sends and gets into a file, until it is ended
#   down                 all of it gone
#
# Needs root, iproute2 (ip, bridge, tc), nftables for losses and tcpdump for captures. TRILAT_NET names the network, so
# that two can stand side by side.
set -euo pipefail

net=${TRILAT_NET:-trilat}
switch=$net-switch

on() { # on NAME COMMAND…: on a machine, or on the switch
    local name=$1
    shift
    ip netns exec "$net-$name" "$@"
}

up() {
    ip netns add "$switch"
    on switch ip link add lan type bridge
    on switch ip link set lan up
    local number=0 name
    for name in "$@"; do
        number=$((number + 1))
        ip netns add "$net-$name"
        on "$name" ip link set lo up
        ip link add name "$name" netns "$switch" type veth peer name lan netns "$net-$name"
        on switch ip link set dev "$name" master lan up
        on "$name" ip address add "10.77.0.$number/24" dev lan
        on "$name" ip link set lan up
    done
}

down() {
    local name
    for name in $(ip netns list | sed -n "s/^\($net-[^ ]*\).*/\1/p"); do
        ip netns delete "$name"
    done
}

# Of the switch's port, so that the machine itself has no sign of it.
cut() { on switch bridge link set dev "$1" state 0; }
heal() { on switch bridge link set dev "$1" state 3; }

rate() {
    # What waits longer than 50 ms is dropped, as a router of that rate would.
    on "$1" tc qdisc replace dev lan root tbf rate "$2" burst 32kb latency 50ms
    on switch tc qdisc replace dev "$1" root tbf rate "$2" burst 32kb latency 50ms
}

lose() {
    on "$1" nft -f - <<RULES
table netdev loss
delete table netdev loss
table netdev loss {
    chain in { type filter hook ingress device "lan" priority 0; numgen random mod 10000 < $(($2 * 100)) drop; }
}
RULES
    on switch nft -f - <<RULES
table netdev loss-$1
delete table netdev loss-$1
table netdev loss-$1 {
    chain in { type filter hook ingress device "$1" priority 0; numgen random mod 10000 < $(($2 * 100)) drop; }
}
RULES
}

free() {
    on "$1" tc qdisc delete dev lan root 2>/dev/null || true
    on switch tc qdisc delete dev "$1" root 2>/dev/null || true
    on "$1" nft delete table netdev loss 2>/dev/null || true
    on switch nft delete table netdev "loss-$1" 2>/dev/null || true
}

case ${1:-} in
    up | down | cut | heal | rate | lose | free) "$@" ;;
    run) shift && on "$@" ;;
    address) on "$2" ip -4 -brief address show dev lan | sed -n 's/.* \([0-9.]*\)\/.*/\1/p' ;;
    capture) exec ip netns exec "$net-$2" tcpdump --immediate-mode -n -U -i lan -w "$3" ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" && exit 2 ;;
esac
