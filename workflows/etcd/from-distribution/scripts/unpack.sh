#!/bin/bash
set -euo pipefail
umask 077
fail() { echo "$*" >&2; exit 1; }
for tool in apt-get dpkg flock sha256sum; do
  command -v "$tool" >/dev/null || fail "no $tool: this needs Debian or a descendant, etcd/from-archive does not"
done

home=$FORMWORK_STATE/etcd-packages/distribution
apt=${FORMWORK_CACHE:-$home}/apt     # what machines of one host share: apt's lists and the packages
mkdir -p "$home" "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/packages"
: >>"$apt/status"
exec 9>"$apt/lock"
flock -w 540 9 || fail "another machine of this host has held $apt/lock for 9 minutes"

# The machine's own sources and keys, but a state of our own: the system's lists and locks are left alone. Hooks on
# updates are meant for the system's state.
cat >"$apt/apt.conf" <<CONF
Dir::State "$apt/state";
Dir::State::lists "lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
APT::Get::AllowUnauthenticated "false";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "root";
#clear APT::Update;
CONF
apt() { apt-get -q -c "$apt/apt.conf" "$@"; }

# One line a package: 'URI' file size SHA256:digest (or SHA512), out of the lists whose signature apt has verified.
uris() { apt download --print-uris "etcd-server$pin" "etcd-client$pin"; }

# Leaves the package of one such line in $apt/packages, and proves it by its digest: it may have lain there for long.
obtain() {
  local file=$1 digest=${2#*:} package=${1%%_*} sum=sha256sum
  [[ $2 != SHA512:* ]] || sum=sha512sum
  if ! "$sum" --status -c <<<"$digest  $apt/packages/$file" 2>/dev/null; then
    rm -rf "$apt/partial" && mkdir "$apt/partial"
    (cd "$apt/partial" && apt download "$package$pin") || return 1
    "$sum" -c <<<"$digest  $apt/partial/$file" || return 1
    mv "$apt/partial/$file" "$apt/packages/$file"
  fi
  echo "$file is what the signed lists say"
}

packages() {
  local lines uri file size digest
  lines=$(uris) && [[ -n $lines ]] || return 1
  while read -r uri file size digest; do
    [[ $file =~ ^etcd-(server|client)_[A-Za-z0-9.+%~_-]+\.deb$ && $digest =~ ^SHA(256|512): ]] ||
      fail "apt names no package: $uri $file $size"
    obtain "$file" "$digest" || return 1
    files+=("$apt/packages/$file")
  done <<<"$lines"
}

pin=${INPUT_VERSION:+=$INPUT_VERSION}
files=()
fresh=$(find "$apt/updated" -mmin -60 2>/dev/null || true)
if [[ -z $fresh ]] || ! packages; then
  echo "updating the lists of packages"
  apt update && touch "$apt/updated"
  files=()
  packages || fail "no etcd-server$pin and etcd-client$pin to be had from this machine's package sources"
fi
[[ ${#files[@]} == 2 ]] || fail "expected two packages, not: ${files[*]}"

package=$(dpkg-deb -f "${files[0]}" Version)
[[ $package == "$(dpkg-deb -f "${files[1]}" Version)" ]] || fail "etcd-server and etcd-client differ in version"
bin=$home/${package//[:~]/_}
if [[ ! -d $bin ]]; then
  rm -rf "$home/new" && mkdir "$home/new"
  for file in "${files[@]}"; do dpkg-deb -x "$file" "$home/new"; done
  mv "$home/new/usr/bin" "$bin"
  rm -rf "$home/new"
fi
exec 9>&-

version=$("$bin/etcd" --version | sed -n 's/^etcd Version: //p')
[[ -n $version && -x $bin/etcdctl ]] || fail "what was unpacked into $bin does not run here"
printf '%s\n' "$package" >"$home/package"
printf '%s\n' "$bin" >"$home/current"
printf '%s\n' "$bin" >"$FORMWORK_OUTPUTS/bin"
printf '%s\n' "$version" >"$FORMWORK_OUTPUTS/version"
echo "etcd $version is in $bin"
