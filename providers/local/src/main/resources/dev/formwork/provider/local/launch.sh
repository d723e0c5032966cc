#!/bin/sh
# Starts the agent of one machine, unless it runs. Written by Formwork's local provider, which
# writes it anew before each use: an edit does not last.
#
#   launch          takes the machine's lock, while it is no process of the machine yet: a reboot
#                   that holds the lock does not end what only waits for it
#   launch locked   a process of the machine, with the lock on file descriptor 9
#
# Exits with 93 where the machine is gone, and 94 where it is switched off. It becomes the agent, so
# it notes its own process id in `agent.pid` first: no moment is left in which an agent runs and
# nothing says so.
@SETTINGS@
cd "$dir" || exit 93

# The start time of process $1; fails where it is gone or a zombie.
started() {
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  set -- ${stat##*) }
  case $1 in Z | X | x) return 1 ;; esac
  echo "${20}"
}

if [ "${1-}" != locked ]; then
  exec 9>>lock
  flock 9 || exit 95
  exec env -i PATH="$PATH" FORMWORK_MACHINE_ID="$id" FORMWORK_AGENT_DIR="$dir/agent" \
    /bin/sh "$dir/bin/launch" locked
fi
[ -f machine.json ] || exit 93
[ ! -e powered-off ] || exit 94

if read -r pid start _ <agent.pid && [ "$(started "$pid")" = "$start" ]; then
  exit 0
fi 2>/dev/null

# A boot id is good until the machine reboots, or the host does: then the file names another host.
host=$(cat /proc/sys/kernel/random/boot_id)/$(started 1)
boot='' booted=''
{ read -r boot booted <boot-id; } 2>/dev/null
if [ -z "$boot" ] || [ "$booted" != "$host" ]; then
  boot=$(cat /proc/sys/kernel/random/uuid)
  echo "$boot $host" >boot-id.new && mv boot-id.new boot-id || exit 95
fi

echo "$$ $(started $$) $boot" >agent.pid.new && mv agent.pid.new agent.pid || exit 95
exec 9>&-

@ENVIRONMENT@
export FORMWORK_BOOT_ID="$boot"
cd agent || exit 95
exec @COMMAND@ </dev/null >>"$dir/agent.log" 2>&1
