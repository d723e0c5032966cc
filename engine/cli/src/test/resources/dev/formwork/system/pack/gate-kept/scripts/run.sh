#!/bin/bash
set -euo pipefail
touch "$FORMWORK_STATE/kept"
echo "$FORMWORK_STEP@$FORMWORK_MACHINE" >>"$INPUT_JOURNAL"
echo "line 1"
read -r word <"$INPUT_GATE"
echo "line 2 $word"
echo "$word" >"$FORMWORK_OUTPUTS/mark"
