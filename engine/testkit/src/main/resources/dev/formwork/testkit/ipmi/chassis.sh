#!/bin/sh
# What ipmi_sim asks when a chassis is told something: DIRECTORY get|set NAME [VALUE ...].
# The state of the node is files in its directory; a node with `run` has a machine behind it.
cd "$1" || exit 1
shift
action=$1
shift
[ "$action" = get ] || echo "$*" >> commands
while [ $# -gt 0 ]; do
  case "$action $1" in
    "get power") if [ -e on ]; then echo power:1; else echo power:0; fi; shift ;;
    "get boot") echo "boot:$(cat boot 2>/dev/null || echo none)"; shift ;;
    "get "*) shift ;;
    "set power")
      if [ "$2" = 1 ]; then
        [ -e on ] || { : > on; [ ! -x run ] || ./run on >> run.log 2>&1 < /dev/null & }
      else
        rm -f on; [ ! -x run ] || ./run off >> run.log 2>&1 < /dev/null
      fi
      shift 2 ;;
    "set shutdown") [ -e deaf ] || { rm -f on; [ ! -x run ] || ./run off >> run.log 2>&1 < /dev/null; }; shift 2 ;;
    "set reset") [ ! -x run ] || { ./run off; ./run on & } >> run.log 2>&1 < /dev/null; shift 2 ;;
    "set boot") echo "$2" > boot; shift 2 ;;
    "set identify") echo "$2" > light; mv light identify; shift $# ;;
    *) exit 1 ;;
  esac
done
