#!/bin/bash
[[ -e $FORMWORK_STATE/kept ]] || exit 1
echo "found" >"$FORMWORK_OUTPUTS/mark"
