#!/bin/bash
set -euo pipefail
umask 077
fail() { echo "$*" >&2; exit 1; }
[[ $INPUT_SHA256 =~ ^[0-9a-f]{64}$ ]] || fail "sha256: not 64 hexadecimal digits"

home=$FORMWORK_STATE/etcd-packages/archive
bin=$home/$INPUT_SHA256
shared=${FORMWORK_CACHE:-$home}/archives     # machines of one host fetch an archive once
archive=$shared/$INPUT_SHA256.tar.gz
limit=$((1024 * 1024 * 1024))

# Writes what the URL names to standard output.
fetch() {
  local url=$INPUT_URL
  case $url in
    file:///*) cat "${url#file://}" ;;
    data:*\;base64,*) base64 -d <<<"${url#*;base64,}" ;;
    http://* | https://*)
      if command -v curl >/dev/null; then
        curl -fsSL --proto '=http,https' --retry 3 --connect-timeout 20 -- "$url"
      elif command -v wget >/dev/null; then
        timeout 300 wget -q -O - "$url"      # -T ends busybox's with a segmentation fault
      elif command -v python3 >/dev/null; then
        python3 -c 'import shutil, sys, urllib.request as r
shutil.copyfileobj(r.urlopen(sys.argv[1], timeout=20), sys.stdout.buffer)' "$url"
      else
        fail "no curl, wget or python3 here to fetch with"
      fi ;;
    *) fail "url: of http, https, file and data, none is $url" ;;
  esac
}

# Writes the one regular file of that name in the archive to a file. Only contents are read out of the archive: no path,
# mode or link in it has any effect.
extract() {
  local path
  path=$(awk -v name="$1" '/^-/ {
    for (i = 0; i < 5; i++) sub(/^[^ ]+ +/, "")     # mode, owner, size, date, time
    n = split($0, part, "/")
    if (part[n] == name) print }' <<<"$listing")
  [[ -n $path && $path != *$'\n'* ]] || fail "the archive holds not one file $1 but: ${path:-none}"
  tar -xzOf "$archive" -- "$path" >"$2/$1"
  chmod 755 "$2/$1"
}

mkdir -p "$home" "$shared"
if [[ ! -d $bin ]]; then
  exec 9>"$shared/lock"
  flock -w 540 9 || fail "another machine of this host has held $shared/lock for 9 minutes"
  if ! sha256sum -c <<<"$INPUT_SHA256  $archive" >/dev/null 2>&1; then
    echo "fetching ${INPUT_URL:0:200}"
    fetch | head -c "$limit" >"$shared/partial" || fail "could not fetch it"
    fetched=$(sha256sum <"$shared/partial" | cut -c1-64)
    [[ $fetched == "$INPUT_SHA256" ]] || fail "digest differs: wanted $INPUT_SHA256, fetched $fetched"
    mv "$shared/partial" "$archive"
  fi
  exec 9>&-
  listing=$(tar -tvzf "$archive")
  rm -rf "$home/new" && mkdir "$home/new"
  extract etcd "$home/new"
  extract etcdctl "$home/new"
  mv "$home/new" "$bin"
fi

version=$("$bin/etcd" --version | sed -n 's/^etcd Version: //p') || true
[[ -n $version ]] || { rm -rf "$bin"; fail "the etcd of this archive does not run here"; }
printf '%s\n' "$bin" >"$FORMWORK_OUTPUTS/bin"
printf '%s\n' "$version" >"$FORMWORK_OUTPUTS/version"
echo "etcd $version is in $bin"
