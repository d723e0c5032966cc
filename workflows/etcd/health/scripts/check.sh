#!/bin/bash
set -euo pipefail
trap 'exit 2' ERR
etcdctl=$FORMWORK_STATE/etcd/$INPUT_CLUSTER/etcdctl
[[ -x $etcdctl ]] || { echo "no member of the cluster $INPUT_CLUSTER is on this machine" >&2; exit 2; }

members=$("$etcdctl" member list | wc -l)
report=$("$etcdctl" endpoint health --cluster 2>&1) || true
healthy=$(grep -c ' is healthy' <<<"$report") || true
echo "$report"
if [[ $healthy != "$INPUT_MEMBERS" || $members != "$INPUT_MEMBERS" ]]; then
  echo "members: $INPUT_MEMBERS wanted, $members known to etcd, $healthy healthy"
  exit 1
fi
# Fields: endpoint, id, version, ...
version=$("$etcdctl" endpoint status --cluster | awk -F', ' '{ print $3 }' | sort -V | head -n 1)
echo "$healthy" >"$FORMWORK_OUTPUTS/healthy"
echo "$version" >"$FORMWORK_OUTPUTS/version"
