#!/bin/bash
# Only what lies on the machine is looked at: a newer package at the source is no drift.
set -euo pipefail
trap 'exit 2' ERR
home=$FORMWORK_STATE/etcd-packages/distribution
absent() { echo "$*"; exit 1; }

[[ -s $home/current && -s $home/package ]] || absent "nothing is unpacked"
[[ -z $INPUT_VERSION || $INPUT_VERSION == "$(<"$home/package")" ]] || absent "unpacked is $(<"$home/package")"
bin=$(<"$home/current")
[[ -x $bin/etcd && -x $bin/etcdctl ]] || absent "$bin lacks a program"
version=$("$bin/etcd" --version | sed -n 's/^etcd Version: //p') || absent "$bin/etcd does not run"
printf '%s\n' "$bin" >"$FORMWORK_OUTPUTS/bin"
printf '%s\n' "$version" >"$FORMWORK_OUTPUTS/version"
