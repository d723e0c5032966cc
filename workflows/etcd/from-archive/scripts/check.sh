#!/bin/bash
set -euo pipefail
trap 'exit 2' ERR
bin=$FORMWORK_STATE/etcd-packages/archive/$INPUT_SHA256
absent() { echo "$*"; exit 1; }

[[ -x $bin/etcd && -x $bin/etcdctl ]] || absent "$bin lacks a program"
version=$("$bin/etcd" --version | sed -n 's/^etcd Version: //p') || absent "$bin/etcd does not run"
printf '%s\n' "$bin" >"$FORMWORK_OUTPUTS/bin"
printf '%s\n' "$version" >"$FORMWORK_OUTPUTS/version"
