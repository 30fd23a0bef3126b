#!/bin/bash
# What udhcpc calls with an event and the lease's values in the environment.
# shellcheck disable=SC2154
case $1 in
  deconfig) ip addr flush dev "$interface" ;;
  bound | renew)
    ip addr replace "$ip/${mask:-24}" dev "$interface"
    for gateway in ${router:-}; do ip route replace default via "$gateway" dev "$interface" && break; done
    for server in ${dns:-}; do echo "nameserver $server"; done >/etc/resolv.conf
    ;;
esac
