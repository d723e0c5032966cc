# shellcheck shell=bash
# What start, check and stop agree on: where a member lives, how it is to be run, and whether it does.

home=$FORMWORK_STATE/etcd/$INPUT_CLUSTER
data=${INPUT_DATA_DIR:-$home/data}
etcdctl=$home/etcdctl
host=$INPUT_ADDRESS
[[ $host != *:* ]] || host="[$host]"
client_url=https://$host:$INPUT_CLIENT_PORT
peer_url=https://$host:$INPUT_PEER_PORT

flags=(
  --name="$INPUT_NAME"
  --data-dir="$data"
  --listen-client-urls="$client_url"
  --advertise-client-urls="$client_url"
  --listen-peer-urls="$peer_url"
  --initial-advertise-peer-urls="$peer_url"
  --initial-cluster-token="$INPUT_CLUSTER"
  --heartbeat-interval="$INPUT_HEARTBEAT_INTERVAL"
  --election-timeout="$INPUT_ELECTION_TIMEOUT"
  --cert-file="$home/tls/certificate.pem"
  --key-file="$home/tls/key.pem"
  --trusted-ca-file="$home/tls/ca.pem"
  --client-cert-auth
  --peer-cert-file="$home/tls/certificate.pem"
  --peer-key-file="$home/tls/key.pem"
  --peer-trusted-ca-file="$home/tls/ca.pem"
  --peer-client-cert-auth
  --logger=zap
)
[[ -z $INPUT_PEER_NAME ]] || flags+=(--peer-cert-allowed-cn="$INPUT_PEER_NAME")

# A digest of all that a running member would have to be restarted for.
wanted() {
  printf '%s\0' "$INPUT_BIN" "${flags[@]}" "$INPUT_CA" "$INPUT_CERTIFICATE" "$INPUT_KEY" | sha256sum | cut -c1-64
}

# Prints the daemon's process id. A pid file that outlived its process, as after a reboot, is not believed.
running() {
  local pid
  pid=$(cat "$home/pid" 2>/dev/null) &&
    tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -xF -- "--cert-file=$home/tls/certificate.pem" >/dev/null &&
    echo "$pid"
}

# Whether the member answers with the consent of a quorum.
serving() { "$etcdctl" endpoint health >/dev/null 2>&1; }

stop() {
  local pid deadline=$((SECONDS + 20))
  pid=$(running) || return 0
  echo "stopping etcd, process $pid"
  kill "$pid" 2>/dev/null || true
  while running >/dev/null; do
    if ((SECONDS >= deadline)); then
      echo "it has not stopped for 20 s: killing it"
      kill -9 "$pid" 2>/dev/null || true
    fi
    sleep 0.1
  done
}
