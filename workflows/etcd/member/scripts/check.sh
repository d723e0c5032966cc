#!/bin/bash
set -euo pipefail
trap 'exit 2' ERR
# shellcheck source-path=SCRIPTDIR source=member.sh
. "$FORMWORK_MODULE_DIR/scripts/member.sh"
differs() { echo "$*"; exit 1; }

running >/dev/null || differs "etcd does not run"
[[ $(wanted) == "$(<"$home/digest")" ]] || differs "etcd runs with another configuration"
serving || differs "$client_url does not answer, or without a quorum"
printf '%s\n' "$client_url" >"$FORMWORK_OUTPUTS/client_url"
printf '%s\n' "$peer_url" >"$FORMWORK_OUTPUTS/peer_url"
