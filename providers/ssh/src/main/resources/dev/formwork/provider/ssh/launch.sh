#!/bin/sh
# Notes the process, and becomes the agent. Written by Formwork.
home=@HOME@
cd "$home/agent" || exit 1
umask 022
read -r stat </proc/$$/stat
set -- ${stat##*) }
shift 19
echo "$$ $1" >"$home/agent.pid.new" && mv "$home/agent.pid.new" "$home/agent.pid" || exit 1
unset stat SSH_CLIENT SSH_CONNECTION SSH_TTY SSH_AUTH_SOCK SSH_ORIGINAL_COMMAND
@ENVIRONMENT@
exec @COMMAND@
