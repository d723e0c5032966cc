# What is done on a host. Runs in any POSIX shell, as the functions that the end of the script calls.
# Comes behind the agent's processes.sh. Set before: dir, engine, ref, claim, grace. Where ref is
# empty, no machine is meant.
#
# All that changes something runs under the lock, and looks at the mark first: what has another
# mark, or none, is left alone. Directories can be passed through by everyone, files be read by
# their owner.
LC_ALL=C
PATH=${PATH:-/usr/bin}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 066
home=$dir/machine

# Ends the script: 10 taken, 11 gone, 12 being deleted, 13 mounted, 14 does not end,
# 15 not started, 16 confirmed, 17 a program is missing.
stop() {
    [ -z "$2" ] || echo "$2" >&2
    exit "$1"
}

lock() {
    for program in setsid flock grep ln mv rm mkdir sed sleep tail tr; do
        command -v "$program" >/dev/null 2>&1 || stop 17 "$program"
    done
    mkdir -p "$dir" || exit 1
    exec 9>"$dir/lock" || exit 1
    flock 9 || exit 1
}

# The mark and how far its machine is, all of one moment.
state() {
    while :; do
        before=$(cat "$dir/mark" 2>/dev/null)
        flags=
        for flag in confirmed ready deleting; do
            [ -e "$dir/$flag" ] && flags="$flags $flag"
        done
        agent_lives && flags="$flags running"
        [ -s "$home/worker" ] && flags="$flags worked"
        [ "$before" = "$(cat "$dir/mark" 2>/dev/null)" ] && break
    done
    if [ -n "$before" ]; then
        echo "$before"
        echo "flags$flags"
    elif [ -e "$home" ]; then
        echo left-over
    fi
}

mine() {
    [ -f "$dir/mark" ] || return 1
    grep -qxF "engine $engine" "$dir/mark" && grep -qxF "ref $ref" "$dir/mark" || return 1
    [ -z "$claim" ] || grep -qxF "claim $claim" "$dir/mark"
}

require_mine() {
    mine || stop 11
    [ ! -e "$dir/deleting" ] || stop 12
}

agent_lives() {
    read -r pid start 2>/dev/null <"$home/agent.pid" || return 1
    [ "$(start_of "$pid")" = "$start" ] && [ -n "$start" ] || return 1
    is_told "$pid"
}

# Whether the environment of a process says that it is the machine's. Others may name the directory
# in other variables: the shell of somebody who looks at it does, in PWD.
is_told() {
    tr '\0' '\n' 2>/dev/null <"/proc/$1/environ" |
        grep -qxF -e "FORMWORK_AGENT_DIR=$home/agent" -e "FORMWORK_STATE=$home/agent/state"
}

# Adds to seen, as pid:start, every process of the machine (its environment says so) and all that
# descends from one that was seen; sets living.
look() {
    for found in $(grep -lF "=$home/agent" /proc/[0-9]*/environ 2>/dev/null); do
        found=${found#/proc/}
        found=${found%/environ}
        is_told "$found" 2>/dev/null && add "$found"
    done
    more=$pids
    while [ -n "$more" ]; do
        more=
        for found in /proc/[0-9]*; do
            pid=${found#/proc/}
            stat_of "$pid" || continue
            rest=${stat##*) }
            rest=${rest#* }
            case " $pids " in *" $pid "*) continue ;; esac
            case " $pids " in *" ${rest%% *} "*) add "$pid" && more=yes ;; esac
        done
    done
    living=
    for found in $seen; do
        [ "$(start_of "${found%:*}")" = "${found#*:}" ] && living="$living $found"
    done
    # A number that is free may be another's soon.
    seen=$living
    pids=
    for found in $living; do
        pids="$pids ${found%:*}"
    done
}

add() {
    started=$(start_of "$1") || return 1
    case " $seen " in *" $1:$started "*) return 1 ;; esac
    seen="$seen $1:$started"
    pids="$pids $1"
}

now() {
    read -r up rest </proc/uptime
    echo "${up%.*}"
}

nap() {
    sleep 0.05 2>/dev/null || sleep 1
}

# Ends all processes of the machine: TERM once, after the grace KILL.
end_all() {
    seen=
    pids=
    told=
    killing=
    deadline=$(($(now) + grace + 1))
    look
    while [ -n "$living" ]; do
        if [ "$(now)" -ge "$deadline" ]; then
            [ -z "$killing" ] || stop 14 "$living"
            killing=yes
            deadline=$(($(now) + 10))
        fi
        [ -z "$killing" ] || freeze
        for process in $living; do
            if [ -n "$killing" ]; then
                kill -KILL "${process%:*}" 2>/dev/null
            else
                case " $told " in
                *" $process "*) ;;
                *)
                    told="$told $process"
                    kill -TERM "${process%:*}" 2>/dev/null
                    ;;
                esac
            fi
        done
        nap
        look
    done
}

# Stops all processes of the machine until a look shows no more of them: what one of them starts
# between a look and its end would not be found any more.
freeze() {
    stopped=
    while :; do
        fresh=
        for process in $living; do
            case " $stopped " in
            *" $process "*) ;;
            *)
                stopped="$stopped $process"
                fresh=yes
                kill -STOP "${process%:*}" 2>/dev/null
                ;;
            esac
        done
        [ -n "$fresh" ] && [ "$(now)" -lt "$deadline" ] || return 0
        nap
        look
    done
}

# Takes the host, if nobody has it; the new mark comes on stdin.
claim() {
    lock
    cat >"$dir/mark.new" || {
        rm -f "$dir/mark.new"
        exit 1
    }
    [ ! -e "$dir/mark" ] && [ ! -e "$home" ] || {
        rm -f "$dir/mark.new"
        state
        stop 10
    }
    rm -f "$dir/confirmed" "$dir/ready" "$dir/deleting"
    sync "$dir/mark.new" 2>/dev/null || sync
    ln "$dir/mark.new" "$dir/mark" || {
        rm -f "$dir/mark.new"
        exit 1
    }
    rm -f "$dir/mark.new"
    state
}

# Makes a claim the only one of its reference; the caller has seen that there is no other.
confirm() {
    lock
    require_mine
    : >"$dir/confirmed" || exit 1
}

# Gives up a claim that was not confirmed.
release() {
    lock
    mine || return 0
    [ ! -e "$dir/confirmed" ] || stop 16
    rm -f "$dir/mark"
}

# Which files are there already.
sets() {
    for found in "$dir"/sets/*; do
        [ -d "$found" ] && echo "${found##*/}"
    done
    return 0
}

# Puts uploaded files in their place: adopt UPLOAD DIGEST
adopt() {
    lock
    if [ -e "$dir/sets/$2" ]; then
        rm -rf "$dir/sets/$1"
    else
        # Its name says that it is whole, after a loss of power too.
        sync -f "$dir/sets/$1" 2>/dev/null || sync
        mv "$dir/sets/$1" "$dir/sets/$2" || exit 1
    fi
    require_mine
}

# Writes launch from stdin.
write_launch() {
    umask 077
    cat >"$home/launch.new" && mv "$home/launch.new" "$home/launch" || exit 1
    umask 066
}

# Makes the machine's directory, with the boot token.
furnish() {
    mkdir -p "$home/agent" || exit 1
    umask 077
    printf %s "$1" >"$home/boot-token" || exit 1
    umask 066
}

# What a machine takes that is worked without an agent.
need_for_work() {
    for program in base64 cat date find grep head mkdir mv rm setsid sha256sum sleep sort stat sync tail tr; do
        command -v "$program" >/dev/null 2>&1 || stop 17 "$program"
    done
}

# Keeps out the scripts of those who work the machine: each of them holds this lock with others.
lock_work() {
    exec 8>>"$dir/work" || exit 1
    flock 8 || exit 1
}

# Has one worker alone work the machine: take WORKER
take() {
    lock
    require_mine
    lock_work
    # One that was brought here when the configuration said so.
    end_agent
    umask 077
    printf '%s\n' "$1" >"$home/worker.new" && mv "$home/worker.new" "$home/worker" || exit 1
    umask 066
}

# Starts the agent unless it runs.
launch() {
    agent_lives && return 0
    if [ -e "$home/worker" ]; then
        lock_work
        rm -f "$home/worker" || exit 1
        exec 8>&-
    fi
    setsid /bin/sh "$home/launch" </dev/null >>"$home/agent.log" 2>&1 9>&- &
    launched=$!
    deadline=$(($(now) + 20))
    until agent_lives; do
        if ! start_of "$launched" >/dev/null || [ "$(now)" -ge "$deadline" ]; then
            agent_lives && break
            stop 15 "$(tail -c 1000 "$home/agent.log")"
        fi
        nap
    done
    # It lives as soon as it is a program: one that cannot go on has said so within moments.
    sleep 1
    agent_lives || stop 15 "$(tail -c 1000 "$home/agent.log")"
}

ready() {
    : >"$dir/ready" || exit 1
}

# Ends the agent alone: what it started runs on.
end_agent() {
    deadline=$(($(now) + grace + 1))
    signal=TERM
    while agent_lives; do
        kill "-$signal" "$pid" 2>/dev/null
        [ "$(now)" -lt "$deadline" ] || signal=KILL
        [ "$(now)" -lt $((deadline + 10)) ] || stop 14 "$pid"
        nap
    done
}

# Removes the files that no machine needs any more: all but these.
keep_sets() {
    for found in "$dir"/sets/*; do
        case " $* " in
        *" ${found##*/} "*) ;;
        *) rm -rf "$found" ;;
        esac
    done
}

# Notes that the machine is being removed.
doom() {
    [ -e "$dir/mark" ] || return 0
    lock
    mine || return 0
    : >"$dir/deleting" || exit 1
}

# What is mounted in the machine's directory, or at it (proc_pid_mountinfo(5), 5: without symbolic
# links, a space is \040).
mounts() {
    real=$(cd "$home" && pwd -P | sed 's/\\/\\134/g; s/ /\\040/g') && [ -n "$real" ] || return 1
    while read -r id parent device root at rest; do
        case $at in "$real" | "$real"/*) echo "$at" ;; esac
    done </proc/self/mountinfo
}

# Removes directories; where rm can be told so, through no mount.
wipe() {
    if rm -f --one-file-system 2>/dev/null; then
        rm -rf --one-file-system "$@"
    else
        rm -rf "$@"
    fi
}

# Removes the machine, the mark last.
remove() {
    [ -e "$dir/mark" ] || return 0
    lock
    mine || return 0
    : >"$dir/deleting" || exit 1
    [ ! -e "$dir/work" ] || lock_work
    rm -f "$home/worker" || exit 1
    end_all
    if [ -d "$home" ]; then
        found=$(mounts) || exit 1
        [ -z "$found" ] || stop 13 "$found"
    fi
    wipe "$home" "$dir"/sets/.[0-9a-f]* || exit 1
    rm -f "$dir/ready" "$dir/confirmed" "$dir/work" || exit 1
    rm -f "$dir/mark" || exit 1
    rm -f "$dir/deleting"
}
