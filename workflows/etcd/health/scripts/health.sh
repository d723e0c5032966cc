#!/bin/bash
set -euo pipefail
deadline=$((SECONDS + INPUT_WAIT_SECONDS))
until bash "$FORMWORK_MODULE_DIR/scripts/check.sh"; do
  if ((SECONDS >= deadline)); then
    echo "the cluster has not been healthy for $INPUT_WAIT_SECONDS s" >&2
    exit 1
  fi
  sleep 1
done
