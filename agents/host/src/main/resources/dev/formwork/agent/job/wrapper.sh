# Leads a job's session. $1 is the folder of the phase. Outlives the agent, and TERM, so that it can
# write down how the script ended. Standard output and error are the log.
trap : HUP INT TERM
read -r stat </proc/$$/stat
# Only the first of all that try to start this phase gets past this line.
set -C
{ printf '%s\n' "$stat" >"$1/claim"; } 2>/dev/null || exit 0
set +C

end() {
  part=$1 code=$2 folder=$3
  exec >/dev/null 2>&1
  set --
  for file in "$FORMWORK_OUTPUTS"/* "$FORMWORK_REQUEST"; do
    [ -f "$file" ] && set -- "$@" "$file"
  done
  printf '%-5s %-4s\n' "$part" "$code" 1<>"$folder/exit.tmp"
  sync "$@" "$FORMWORK_OUTPUTS" "$folder/exit.tmp" || sync
  mv "$folder/exit.tmp" "$folder/exit"
  sync "$folder" || sync
  exit "$code"
}

if [ -f "$1/check" ]; then
  sh "$1/check"
  code=$?
  if [ "$code" -ne 1 ] || [ ! -f "$1/run" ]; then
    end check "$code" "$1"
  fi
  rm -rf -- "$FORMWORK_OUTPUTS"/*
fi
sh "$1/run"
end run $? "$1"
