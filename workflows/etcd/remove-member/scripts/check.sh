#!/bin/bash
# 0: the cluster does not know the member. 1: it does, and the id is printed. Anything else: nobody could say.
set -euo pipefail
trap 'exit 2' ERR
etcdctl=$FORMWORK_STATE/etcd/$INPUT_CLUSTER/etcdctl
[[ -x $etcdctl ]] || { echo "no member of the cluster $INPUT_CLUSTER is on this machine" >&2; exit 2; }

# Fields: id, status, name, peer URLs, client URLs, learner. A member that has not started yet has no name.
members=$("$etcdctl" member list)
host=$INPUT_ADDRESS
[[ $host != *:* ]] || host="[$host]"
id=$(awk -F', ' -v name="$INPUT_NAME" -v host="$host" '
  { there = host != "" && index($4, "//" host ":") }
  ($3 == name && (host == "" || there)) || ($3 == "" && there) { print $1 }' <<<"$members")
[[ -n $id ]] || exit 0
echo "$id"
exit 1
