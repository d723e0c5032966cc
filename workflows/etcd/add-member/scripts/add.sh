#!/bin/bash
set -euo pipefail
etcdctl=$FORMWORK_STATE/etcd/$INPUT_CLUSTER/etcdctl
deadline=$((SECONDS + INPUT_WAIT_SECONDS))

# A machine that has lost what it had joins again, under its old name. etcd still knows the member that it was, and refuses
# one that begins anew in its place: so that one has to go first, unless it answers.
forget_lost() {
  local id client
  id=$(awk -F', ' -v url="$INPUT_URL" '$4 == url && $2 == "started" { print $1 }' <<<"$("$etcdctl" member list)")
  [[ -n $id ]] || return 0
  client=$(awk -F', ' -v id="$id" '$1 == id { print $5 }' <<<"$("$etcdctl" member list)")
  if grep -qF "$client is healthy" <<<"$("$etcdctl" endpoint health --cluster 2>&1)"; then return 0; fi
  echo "removing what $INPUT_NAME was before it lost its data"
  "$etcdctl" member remove "$id"
}
[[ ! -x $etcdctl ]] || forget_lost || echo "the cluster does not forget $INPUT_NAME yet"

# An answer that got lost does no harm: each round first asks whether it is done. etcd refuses until all the members it
# knows have been connected for 5 seconds: so a dead one has to go, and a new one to start, before the next is added.
while :; do
  state=0
  said=$(bash "$FORMWORK_MODULE_DIR/scripts/check.sh" 2>&1) || state=$?
  case $state in
    0) echo "$said" && exit 0 ;;
    1)
      if said=$("$etcdctl" member add "$INPUT_NAME" --peer-urls="$INPUT_URL" 2>&1); then
        # Out of the answer: one member with a second that has not started has no quorum, without which newer releases
        # of etcd list no members.
        sed -n 's/^ETCD_INITIAL_CLUSTER="\(.*\)"$/\1/p' <<<"$said" >"$FORMWORK_OUTPUTS/initial_cluster"
        echo "added $INPUT_NAME: $(<"$FORMWORK_OUTPUTS/initial_cluster")"
        exit 0
      fi ;;
    3) echo "$said" >&2 && exit 1 ;;
  esac
  echo "waiting for the cluster to take $INPUT_NAME: ${said##*$'\n'}"
  if ((SECONDS >= deadline)); then
    echo "it has not for $INPUT_WAIT_SECONDS s" >&2
    exit 1
  fi
  sleep 1
done
