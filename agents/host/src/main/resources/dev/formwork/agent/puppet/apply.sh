# Applies a manifest. $1 is the folder of this script's files, $2 `check` or `run`, $3 the folder of Puppet's modules,
# $4 the manifest. Lives until Puppet has ended, also when both are told to end, so that no secret stays in a file.
scratch=$1 part=$2 modules=$3 manifest=$4
trap : HUP INT TERM

export HOME="${HOME:-$PWD}"
case "${LC_ALL:-${LC_CTYPE:-${LANG-}}}" in
  *[Uu][Tt][Ff]*8*) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac
# What Puppet keeps between runs is the machine's; what it is told is this job's.
own=$FORMWORK_STATE/.puppet
[ "$part" = check ] && set -- --noop || set --
# It keeps no reports: they have values in them, and stay for ever.
puppet apply --color=false --detailed-exitcodes --reports none --lastrunreport "$scratch/last_run_report.yaml" \
  "$@" --confdir "$scratch/conf" --vardir "$own/var" \
  --rundir "$scratch/run" --logdir "$scratch/log" --publicdir "$scratch/public" --hiera_config "$scratch/hiera.yaml" \
  --modulepath "$modules:/etc/puppetlabs/code/modules:/etc/puppet/code/modules:/usr/share/puppet/modules" "$manifest"
code=$?
rm -f -- "$scratch/inputs.json"

# A number of Puppet's summary, of its resources.
counted() {
  awk -v name="$1:" '/^[a-z]/ { here = ($1 == "resources:") } here && $1 == name { print $2; exit }' \
    "$scratch/public/last_run_summary.yaml" 2>/dev/null
}
failed=$(counted failed)

case $code in
  0 | 2) failure= ;;
  4 | 6)
    failure="puppet.resource-failed"
    detail="$failed of Puppet's resources failed; the log says which"
    ;;
  *)
    failure="puppet.not-applied"
    detail="Puppet ended with $code before it applied the manifest; the log says why"
    ;;
esac
if [ -n "$failure" ]; then
  printf '%s\n%s\n' "$failure" "$detail" >"$scratch/reason"
  [ "$part" = check ] && exit 2
  exit "$code"
fi

changed=$(counted changed)
printf '%s' "${changed:-0}" >"$FORMWORK_OUTPUTS/changed"
if [ "$part" = check ]; then
  # With --noop Puppet ends with 0 whatever it would change.
  case $(counted out_of_sync) in
    0) exit 0 ;;
    '') exit 2 ;;
    *) exit 1 ;;
  esac
fi
exit 0
