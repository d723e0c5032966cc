#!/bin/bash
set -euo pipefail
umask 077
# shellcheck source-path=SCRIPTDIR source=member.sh
. "$FORMWORK_MODULE_DIR/scripts/member.sh"
fail() { echo "$*" >&2; exit 1; }
fail_with_log() {
  { echo "the end of $home/log:" && tail -n 10 "$home/log"; } >&2 || true
  fail "$*"
}
boot() { cat /proc/sys/kernel/random/boot_id; }
recorded() { cat "$home/$1" 2>/dev/null || true; }

# Members know each other by their peer URLs: a new one is told to the cluster while this member still serves.
move_peer_url() {
  local old id
  old=$(recorded peer_url)
  [[ -n $old && $old != "$peer_url" ]] || return 0
  serving || fail "the cluster knows this member as $old, and while it does not serve it can't be told of $peer_url"
  id=$("$etcdctl" member list | awk -F', ' -v url="$old" '$4 == url { print $1 }')
  if [[ -n $id ]]; then
    echo "telling the cluster that this member moves from $old to $peer_url"
    "$etcdctl" member update "$id" --peer-urls="$peer_url"
  fi
  echo "$peer_url" >"$home/peer_url"
}

configure() {
  mkdir -p "$home/tls" "$data"
  printf '%s\n' "$INPUT_CA" >"$home/tls/ca.pem"
  printf '%s\n' "$INPUT_CERTIFICATE" >"$home/tls/certificate.pem"
  printf '%s\n' "$INPUT_KEY" >"$home/tls/key.pem"
  # shellcheck disable=SC2016  # $@ is the wrapper's
  {
    printf '#!/bin/bash\nETCDCTL_API=3 exec'
    printf ' %q' "$INPUT_BIN/etcdctl" --endpoints="$client_url" --cacert="$home/tls/ca.pem" \
      --cert="$home/tls/certificate.pem" --key="$home/tls/key.pem" --dial-timeout=3s
    printf ' "$@"\n'
  } >"$etcdctl"
  chmod 700 "$etcdctl"
  echo "$data" >"$home/data_dir"
  echo "$peer_url" >"$home/peer_url"
  wanted >"$home/digest"
}

# Nothing of the job goes along: not its secrets, its folder, its session or its log. FORMWORK_MACHINE_ID does, for it
# says whose process this is.
launch() {
  local environment=(PATH="$PATH" ${FORMWORK_MACHINE_ID:+FORMWORK_MACHINE_ID="$FORMWORK_MACHINE_ID"})
  # etcd 3.4 wants to be asked for on other processors than amd64.
  case $(uname -m) in
    x86_64) ;;
    aarch64) environment+=(ETCD_UNSUPPORTED_ARCH=arm64) ;;
    *) environment+=(ETCD_UNSUPPORTED_ARCH="$(uname -m)") ;;
  esac
  rm -f "$home/pid"
  [[ ! -e $home/log ]] || mv "$home/log" "$home/log.1"
  (
    cd "$home"
    # shellcheck disable=SC2016  # $$ is the inner shell's, which becomes the daemon
    exec env -i "${environment[@]}" setsid sh -c 'echo $$ >pid && exec "$@"' sh "$INPUT_BIN/etcd" "${flags[@]}" \
      --initial-cluster="$INPUT_INITIAL_CLUSTER" --initial-cluster-state="$INPUT_INITIAL_STATE" \
      </dev/null >>log 2>&1
  ) &
  local deadline=$((SECONDS + 10))
  until [[ -s $home/pid ]]; do
    ((SECONDS < deadline)) || fail_with_log "etcd was not started"
    sleep 0.1
  done
  echo "started etcd, process $(<"$home/pid")"
}

# Whether enough peers listen for a quorum to be possible at all.
quorum_listens() {
  local peers peer port up=1
  IFS=, read -ra peers <<<"$INPUT_INITIAL_CLUSTER"
  for peer in "${peers[@]}"; do
    peer=${peer#*=https://}
    port=${peer##*:} peer=${peer%:*} peer=${peer#[} peer=${peer%]}
    [[ $peer != "$INPUT_ADDRESS" ]] || continue
    # shellcheck disable=SC2016  # arguments, not text of the script: addresses come from other machines
    if timeout 1 bash -c ': >"/dev/tcp/$1/$2"' bash "$peer" "$port" 2>/dev/null; then up=$((up + 1)); fi
  done
  ((up > ${#peers[@]} / 2))
}

old=$(recorded data_dir)
[[ -z $old || $old == "$data" ]] || fail "this member has its data in $old: data_dir does not change while it stands"

if pid=$(running) && [[ $(recorded digest) == "$(wanted)" ]]; then
  echo "etcd runs as wanted, process $pid"
else
  if [[ -n $pid ]]; then
    echo "etcd runs, process $pid, and its configuration changed"
    # One that served when it was taken down has to serve again before it counts, in a later attempt of this boot too.
    if serving; then boot >"$home/served"; fi
    move_peer_url
    stop
  fi
  configure
  launch
fi

# Peers that have all been down, as after a power cut, are started one at a time: then the first ones can't wait for a
# quorum, and going on to the next is the way to it.
patience=$((SECONDS + 15))
deadline=$((SECONDS + INPUT_WAIT_SECONDS))
echo "waiting up to $INPUT_WAIT_SECONDS s until $client_url answers"
until serving; do
  running >/dev/null || fail_with_log "etcd has ended"
  if ((SECONDS >= patience)) && [[ $(recorded served) != "$(boot)" ]] && ! quorum_listens; then
    echo "it runs, and goes on waiting for a quorum of its peers, too few of which are up"
    break
  fi
  ((SECONDS < deadline)) || fail_with_log "$client_url has not answered for $INPUT_WAIT_SECONDS s"
  sleep 0.3
done
rm -f "$home/served"

printf '%s\n' "$client_url" >"$FORMWORK_OUTPUTS/client_url"
printf '%s\n' "$peer_url" >"$FORMWORK_OUTPUTS/peer_url"
echo "$INPUT_NAME: clients $client_url, peers $peer_url"
