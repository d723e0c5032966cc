#!/bin/sh
# Reboots one machine or switches it off: ends every process that carries its mark, and for a
# reboot starts the agent again with a new boot id. Written by Formwork's local provider, which
# writes it anew before each use: an edit does not last.
#
#   power reboot | off
#
# Returns at once. What does the work is no process of the machine, so that it does not end itself;
# it carries a mark of its own, by which the provider ends it when it deletes the machine.
@SETTINGS@
case ${1-} in reboot | off) ;; *) echo "usage: $0 reboot|off" >&2 && exit 2 ;; esac

if [ "${FORMWORK_MACHINE_POWER-}" != "$id" ]; then
  env -i PATH="$PATH" FORMWORK_MACHINE_POWER="$id" FORMWORK_AGENT_DIR="$dir/agent" \
    setsid /bin/sh "$0" "$1" </dev/null >>"$dir/power.log" 2>&1 &
  exit 0
fi

cd "$dir" || exit 3
exec 9>>lock
flock 9 || exit 1
[ -f machine.json ] || exit 3
[ "$1" != off ] || : >powered-off || exit 1

# The processes with the machine's mark, but for those of a machine of the same id elsewhere.
processes() {
  for environ in $(grep -lzxF "FORMWORK_MACHINE_ID=$id" /proc/[0-9]*/environ 2>/dev/null); do
    theirs=$(tr '\0' '\n' <"$environ" 2>/dev/null | grep -E '^FORMWORK_(AGENT_DIR|STATE)=')
    case $theirs in
      '' | *"=$dir/agent"*)
        process=${environ#/proc/}
        echo "${process%/environ}"
        ;;
    esac
  done
}

# Sends signal $1 to all, again and again until none is left, for at most $2 tenths of a second.
end_all() {
  tenths=0
  while left=$(processes) && [ -n "$left" ]; do
    [ "$tenths" -lt "$2" ] || return 1
    # TERM once, and to who came later; KILL every time.
    for process in $left; do
      case " $told " in
        *" $1:$process "*) [ "$1" = TERM ] || kill -s "$1" "$process" ;;
        *) kill -s "$1" "$process" && told="$told $1:$process" ;;
      esac
    done 2>/dev/null
    sleep 0.1
    tenths=$((tenths + 1))
  done
}

told=''
end_all TERM $((grace * 10)) || end_all KILL 100 || {
  echo "$1: these do not end: $(processes | tr '\n' ' ')" >&2
  exit 1
}
[ "$1" = reboot ] || exit 0

rm -f boot-id
exec env -i PATH="$PATH" FORMWORK_MACHINE_ID="$id" FORMWORK_AGENT_DIR="$dir/agent" \
  /bin/sh "$dir/bin/launch" locked
