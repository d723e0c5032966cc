#!/bin/sh
# Installs Formwork's agent on this machine, and starts it. Written by Formwork. Harmless to run again.
set -eu
umask 077
home=${FORMWORK_HOME:-/opt/formwork}
mkdir -p "$home"
chmod 755 "$home"

# Another machine's disk, or an image that was made of it, has that machine's identity.
if [ "$(cat "$home/machine" 2>/dev/null)" != @MACHINE@ ]; then
  [ "$home" != /opt/formwork ] || systemctl stop formwork-agent.service 2>/dev/null || true
  rm -rf "$home/agent" "$home/agent.pid" "$home/package"
  mkdir "$home/agent"
  printf '%s\n' @TOKEN@ >"$home/boot-token"
  printf '%s\n' @MACHINE@ >"$home/machine"
fi

cat >"$home/ca.pem" <<'PEM'
@CA@
PEM

if [ ! -d "$home/package" ]; then
  rm -rf "$home/package.new"
  mkdir "$home/package.new"
  cat >"$home/fetch.py" <<'PY'
import hashlib, http.client, os, ssl, sys, time, urllib.request
home, package, digest, *engines = sys.argv[1:]
with open(home + '/boot-token') as file:
    token = file.read().strip()
trust = ssl.create_default_context(cafile=home + '/ca.pem')
archive = home + '/package.tar.gz'
# 10 minutes: a network may come up late, and an engine may be started anew; what all refuse is refused.
refused = 0
for attempt in range(120):
    refusals = 0
    for engine in engines:
        try:
            request = urllib.request.Request(
                engine.rstrip('/') + '/agent/v1/package/' + package + '?sha256=' + digest,
                headers={'Authorization': 'Bearer ' + token, 'Formwork-Protocol': '1'})
            with urllib.request.urlopen(request, timeout=30, context=trust) as answer:
                sha256 = hashlib.sha256()
                with open(archive, 'wb') as file:
                    for part in iter(lambda: answer.read(1 << 16), b''):
                        sha256.update(part)
                        file.write(part)
                length = answer.headers.get('Content-Length')
            if length and int(length) != os.path.getsize(archive):
                raise OSError('the answer was cut off')
            if sha256.hexdigest() == digest:
                sys.exit(0)
            os.remove(archive)
            print('formwork: %s: agent.package-digest: the agent that came is not the one that this machine was told of;'
                  ' make the machine anew if the engine was replaced' % engine, file=sys.stderr)
            refusals += 1
        except (OSError, http.client.HTTPException) as failed:
            said = failed.read().decode(errors='replace') if hasattr(failed, 'read') else ''
            print('formwork: %s: %s %s' % (engine, failed, said), file=sys.stderr)
            refusals += 400 <= getattr(failed, 'code', 0) < 500
    refused = refused + 1 if refusals == len(engines) else 0
    if refused == 3:
        break
    time.sleep(5)
sys.exit(1)
PY
  python3 -I "$home/fetch.py" "$home" @PACKAGE@ @DIGEST@ @ENGINES@
  tar -xzf "$home/package.tar.gz" -C "$home/package.new"
  chmod -R go+rX "$home/package.new"
  rm -f "$home/package.tar.gz" "$home/fetch.py"
  mv "$home/package.new" "$home/package"
fi

cat >"$home/launch" <<LAUNCH
#!/bin/sh
# Becomes the agent. Written by Formwork.
cd "$home/agent" || exit 1
umask 022
export FORMWORK_ENGINE_URL=@URLS@
export FORMWORK_BOOT_TOKEN_FILE="$home/boot-token"
export FORMWORK_AGENT_DIR="$home/agent"
export FORMWORK_CA_FILE="$home/ca.pem"
export FORMWORK_MACHINE=@NAME@
export FORMWORK_MACHINE_ID=@MACHINE@
exec @COMMAND@
LAUNCH
chmod 700 "$home/launch"
java=@JAVA@
if ! "$java" -version >"$home/java.log" 2>&1; then
  echo "formwork: $java does not run on this machine; an image with Java 25 does, with the setting java" >&2
  cat "$home/java.log" >&2
  exit 1
fi

if [ "$home" = /opt/formwork ] && [ -d /run/systemd/system ]; then
  cat >/etc/systemd/system/formwork-agent.service <<'UNIT'
[Unit]
Description=Formwork agent
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/opt/formwork/launch
Restart=always
RestartSec=5
# What the agent runs outlives it.
KillMode=process

[Install]
WantedBy=multi-user.target
UNIT
  systemctl daemon-reload
  systemctl enable formwork-agent.service
  systemctl restart formwork-agent.service
elif ! tr "\\0" "\\n" 2>/dev/null <"/proc/$(cat "$home/agent.pid" 2>/dev/null || echo none)/environ" |
  grep -qx "FORMWORK_AGENT_DIR=$home/agent"; then
  setsid "$home/launch" >>"$home/agent.log" 2>&1 </dev/null &
  echo $! >"$home/agent.pid"
fi
