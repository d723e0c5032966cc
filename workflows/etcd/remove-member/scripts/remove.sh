#!/bin/bash
set -euo pipefail
etcdctl=$FORMWORK_STATE/etcd/$INPUT_CLUSTER/etcdctl
deadline=$((SECONDS + INPUT_WAIT_SECONDS))

# An answer that got lost does no harm: each round first asks whether it is done. etcd refuses where too few members
# would be left in touch.
while :; do
  state=0
  said=$(bash "$FORMWORK_MODULE_DIR/scripts/check.sh" 2>&1) || state=$?
  case $state in
    0) echo "$INPUT_NAME is no member" && exit 0 ;;
    1) if said=$("$etcdctl" member remove "$said" 2>&1); then echo "$said" && continue; fi ;;
  esac
  echo "waiting for the cluster to let go of $INPUT_NAME: ${said##*$'\n'}"
  if ((SECONDS >= deadline)); then
    echo "it has not for $INPUT_WAIT_SECONDS s" >&2
    exit 1
  fi
  sleep 1
done
