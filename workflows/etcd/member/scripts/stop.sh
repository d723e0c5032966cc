#!/bin/bash
# The cluster has forgotten this member by now, or goes away as a whole: its data is of no use.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=member.sh
. "$FORMWORK_MODULE_DIR/scripts/member.sh"
stop
rm -rf "$data/member"        # etcd's own folder: a data_dir that was given may be a mount point
rmdir "$data" 2>/dev/null || true
rm -rf "$home"
rmdir "$FORMWORK_STATE/etcd" 2>/dev/null || true
