# Runs a playbook. $1 is the folder of this script's files, $2 `check` or `run`; then comes the command. Lives
# until Ansible has ended, also when both are told to end, so that no secret stays in a file.
scratch=$1 part=$2
shift 2
trap : HUP INT TERM

# An agent that init starts may have neither of these, and Ansible does not do without.
export HOME="${HOME:-$PWD}"
case "${LC_ALL:-${LC_CTYPE:-${LANG-}}}" in
  *[Uu][Tt][Ff]*8*) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac
# The module's folder stays as it is, and the log is seen as it is written.
export PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ANSIBLE_NOCOLOR=1
export ANSIBLE_HOME="$PWD/.ansible" ANSIBLE_LOCAL_TEMP="$PWD/.ansible/tmp" ANSIBLE_RETRY_FILES_ENABLED=0
export ANSIBLE_CALLBACK_PLUGINS="$scratch/callback"
export FORMWORK_ANSIBLE="$scratch"
# Paths of sockets are short.
sockets=$(mktemp -d) && export ANSIBLE_SSH_CONTROL_PATH_DIR="$sockets"

"$@"
code=$?

for socket in "$sockets"/*; do
  if [ -S "$socket" ]; then
    ssh -o ControlPath="$socket" -O exit ended >/dev/null 2>&1
  fi
done
rm -rf -- "$sockets"
rm -f -- "$scratch/variables.yaml" "$scratch/inventory.yaml" "$scratch/private-key" "$scratch/vault-password"

if [ "$code" -eq 0 ] && [ ! -f "$scratch/changed" ]; then
  # Its plays name groups that there are not, or the callback could not write.
  if [ ! -f "$scratch/reason" ]; then
    reason="ansible.no-machines"
    printf '%s\nthe playbook has worked on no machine\n' "$reason" >"$scratch/reason"
  fi
  code=3
fi
if [ "$part" = check ]; then
  if [ "$code" -ne 0 ]; then
    code=2
  elif [ "$(cat "$scratch/changed")" != 0 ]; then
    code=1
  fi
fi
exit "$code"
