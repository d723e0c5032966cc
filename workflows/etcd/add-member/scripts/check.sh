#!/bin/bash
# 0: the cluster knows the member, and initial_cluster is written. 1: it does not. 3: another one is in its place.
# Anything else: nobody could say.
set -euo pipefail
trap 'exit 2' ERR
etcdctl=$FORMWORK_STATE/etcd/$INPUT_CLUSTER/etcdctl
[[ -x $etcdctl ]] || { echo "no member of the cluster $INPUT_CLUSTER is on this machine" >&2; exit 2; }

# Fields: id, status, name, peer URLs, client URLs, learner. A member that has not started yet has no name.
members=$("$etcdctl" member list)
field() { awk -F', ' -v from="$1" -v value="$2" -v to="$3" '$from == value { print $to }' <<<"$members"; }

if [[ -z $(field 4 "$INPUT_URL" 1) ]]; then
  namesake=$(field 3 "$INPUT_NAME" 4)
  [[ -z $namesake ]] || { echo "$INPUT_NAME is a member at $namesake, which has to be removed first" >&2; exit 3; }
  echo "the cluster does not know $INPUT_NAME at $INPUT_URL"
  exit 1
fi
name=$(field 4 "$INPUT_URL" 3)
[[ -z $name || $name == "$INPUT_NAME" ]] || { echo "the member at $INPUT_URL is $name" >&2; exit 3; }

awk -F', ' -v url="$INPUT_URL" -v name="$INPUT_NAME" '
  { count = split($4, urls, ",")
    for (i = 1; i <= count; i++) { printf "%s%s=%s", separator, $4 == url ? name : $3, urls[i]; separator = "," } }
  END { print "" }' <<<"$members" >"$FORMWORK_OUTPUTS/initial_cluster"
echo "$INPUT_NAME is a member: $(<"$FORMWORK_OUTPUTS/initial_cluster")"
