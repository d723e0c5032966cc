#!/bin/sh
# Stands in for the agent in the tests of the local provider: notes that it started and what it was
# started with, starts one daemon for each boot, and waits to be ended.
env -0 >environment.new && mv environment.new "environment"
mkdir -p state
if [ ! -e "daemon-of-$FORMWORK_BOOT_ID" ]; then
  setsid /bin/sh -c 'echo $$ >"daemon-of-$FORMWORK_BOOT_ID.new" &&
    mv "daemon-of-$FORMWORK_BOOT_ID.new" "daemon-of-$FORMWORK_BOOT_ID"; exec sleep 3600' &
fi
echo "$$" >>starts
exec sleep 3600
