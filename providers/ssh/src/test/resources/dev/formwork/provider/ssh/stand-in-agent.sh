#!/bin/sh
# Stands in for the agent in the tests of the ssh provider: notes that it started and what it was
# started with, starts a daemon as a job does, and waits to be ended.
env >environment.new && mv environment.new environment
if [ ! -e daemon ]; then
  FORMWORK_STATE=$FORMWORK_AGENT_DIR/state setsid env -u FORMWORK_AGENT_DIR \
    /bin/sh -c 'echo $$ >daemon.new && mv daemon.new daemon; exec sleep 3600' &
fi
echo "$$" >>starts
exec sleep 3600
