#!/bin/bash
set -euo pipefail
etcdctl=$FORMWORK_STATE/etcd/$INPUT_CLUSTER/etcdctl
[[ -x $etcdctl ]] || { echo "no member of the cluster $INPUT_CLUSTER is on this machine" >&2; exit 1; }
value=$("$etcdctl" get --print-value-only -- "$INPUT_KEY")
echo "read $INPUT_KEY = $value"
[[ -z $INPUT_EXPECT || $value == "$INPUT_EXPECT" ]] || { echo "that is not $INPUT_EXPECT" >&2; exit 1; }
printf '%s\n' "$value" >"$FORMWORK_OUTPUTS/value"
