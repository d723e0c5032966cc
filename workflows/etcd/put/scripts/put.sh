#!/bin/bash
set -euo pipefail
etcdctl=$FORMWORK_STATE/etcd/$INPUT_CLUSTER/etcdctl
[[ -x $etcdctl ]] || { echo "no member of the cluster $INPUT_CLUSTER is on this machine" >&2; exit 1; }
"$etcdctl" put -- "$INPUT_KEY" "$INPUT_VALUE" >/dev/null
echo "wrote $INPUT_KEY = $INPUT_VALUE"
