#!/bin/sh
# Starts one machine: `run QEMU ARGUMENTS...` in the machine's directory, with QEMU writing its console to
# console.pipe. Returns, with QEMU's exit code, when the machine runs or could not be started. What the machine prints
# goes through `split`, which hands it on in portions, so that what is kept stays bounded however long it prints.
rm -f console.pipe
mkfifo -m 600 console.pipe || exit 95
# `split` waits for QEMU to open the pipe, and ends with it.
split -b 524288 --filter='exec /bin/sh ./console.sh' <console.pipe >/dev/null 2>&1 &
FORMWORK_QEMU=1 "$@"
status=$?
[ "$status" -eq 0 ] || kill "$!"
rm -f console.pipe
exit "$status"
