#!/bin/bash
# What machines of one host share stays.
set -euo pipefail
rm -rf "$FORMWORK_STATE/etcd-packages/distribution"
rmdir "$FORMWORK_STATE/etcd-packages" 2>/dev/null || true
