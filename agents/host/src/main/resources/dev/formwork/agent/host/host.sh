# What an agent does on a host that it works from elsewhere. Runs in any POSIX shell, as the functions that the end of
# the script calls; each is harmless to repeat. Comes behind processes.sh. Set before:
# boot, the id of the boot that is meant, or nothing.
LC_ALL=C
PATH=${PATH:-/usr/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 077

# Ends the script: 15 not started, 17 a program is missing, 20 another boot.
stop() {
    [ -z "$2" ] || echo "$2" >&2
    exit "$1"
}

boot_id() {
    cat /proc/sys/kernel/random/boot_id
}

[ -z "$boot" ] || [ "$boot" = "$(boot_id)" ] || stop 20

need() {
    for program in base64 cat date find grep head mkdir mv rm setsid sha256sum sleep sort stat sync tail tr; do
        command -v "$program" >/dev/null 2>&1 || stop 17 "$program"
    done
}

encoded() {
    base64 | tr -d '\n'
}

nap() {
    sleep 0.02 2>/dev/null || sleep 1
}

# Writes a file from base64 on stdin, all at once: put FILE
put() {
    base64 -d >"$1.$$" && mv "$1.$$" "$1" || exit 1
}

# Makes a file of parts, durable and all at once: join FILE PART...
join() {
    file=$1
    shift
    cat "$@" >"$file.$$" || exit 1
    sync "$file.$$" || sync
    mv "$file.$$" "$file" || exit 1
    rm -f "$@"
    sync "${file%/*}" || sync
}

# Whether the environment of a process has the mark of a job: yes, no, or none where it has no environment.
marked() {
    environ=$(tr '\0' '\n' 2>/dev/null <"/proc/$1/environ")
    if [ -z "$environ" ]; then
        echo none
    elif printf '%s\n' "$environ" | grep -qxF "FORMWORK_JOB=$2"; then
        echo yes
    else
        echo no
    fi
}

# The living processes of a session, or the first of very many: members LEADER JOB
members() {
    all_members "$@" | head -n 500
}

all_members() {
    leader=$1
    job=$2
    for found in /proc/[0-9]*; do
        pid=${found#/proc/}
        stat_of "$pid" || continue
        set -- ${stat##*) }
        [ "$4" = "$leader" ] || continue
        case $1 in [ZXx]) continue ;; esac
        echo "member $(marked "$pid" "$job") $stat"
    done
}

# What is known of a phase: look PHASE JOB OFFSET CUT MEMBERS
# Of its log comes what is behind the offset; where it is cut, how long it is, and then it is emptied.
look() {
    phase=$1
    offset=$3
    cut=$4
    [ -s "$phase/claim" ] || return 0
    read -r claim <"$phase/claim"
    [ "$claim" != never ] || return 0
    echo "claim $claim"
    echo "age $(($(date +%s) - $(stat -c %Y "$phase/claim")))"
    leader=${claim%% *}
    over=yes
    if [ "$(start_of "$leader")" = "$(start_in "$claim")" ]; then
        echo alive
        over=
    fi
    if [ -f "$phase/exit" ]; then
        echo "exit $(cat "$phase/exit")"
        over=yes
    fi
    if [ -n "$over" ] || [ "$5" = yes ]; then
        members "$leader" "$2"
    fi
    [ -f "$phase/log" ] || return 0
    size=$(stat -c %s "$phase/log")
    echo "size $size"
    if [ "$cut" = yes ]; then
        [ "$size" -le 65536 ] || : >"$phase/log"
    elif [ "$size" -gt "$offset" ]; then
        echo "log $(tail -c +$((offset + 1)) "$phase/log" | head -c 393216 | encoded)"
    fi
}

# Goes on where a file begins with this, or else the job is over: held FILE LENGTH BEGINNING
held() {
    [ "$(head -c "$2" "$1" 2>/dev/null)" = "$3" ] || stop 15 "it is not in the journal"
}

# Starts a phase whose files are there, once: start PHASE WORK TRIES ENTRY LENGTH BEGINNING
# The script may come late, when the job is over. Since that is in the journal before the phase is moved away, and the
# journal is looked at when all files are there, it finds the one or the other.
start() {
    if [ ! -s "$1/claim" ]; then
        held "$4" "$5" "$6"
        # Where it is there, a wrapper that was started before may be using it.
        [ -e "$1/exit" ] || [ -e "$1/exit.tmp" ] || printf '           \n' >"$1/exit.tmp"
        : >>"$1/log"
        sync "$1"/* "$1" || sync
        (
            cd "$2" || exit 1
            unset LC_ALL SSH_CLIENT SSH_CONNECTION SSH_TTY SSH_AUTH_SOCK SSH_ORIGINAL_COMMAND
            . "$1/environment"
            umask 022
            exec setsid sh "$1/wrapper" "$1"
        ) </dev/null >>"$1/log" 2>&1 8>&- &
        started=$!
        born=$(start_of "$started")
        tries=0
        while [ ! -s "$1/claim" ] && [ "$tries" -lt "$3" ]; do
            start_of "$started" >/dev/null || [ -s "$1/claim" ] || {
                nap
                [ -s "$1/claim" ] || stop 15 "it ended at once: $(tail -c 200 "$1/log")"
            }
            nap
            tries=$((tries + 1))
        done
        if [ ! -s "$1/claim" ] && never "$1"; then
            signal KILL "$started:$born"
            stop 15 "it does not answer"
        fi
    fi
    read -r claim <"$1/claim"
    [ "$claim" != never ] || stop 15 "it was ended before it began"
    echo "$claim"
}

# Makes the claim of a phase that nobody is to start any more. Fails where somebody has started it: never PHASE
never() {
    (set -C && echo never >"$1/claim") 2>/dev/null && return 0
    # Whoever makes a claim fills it at once, or is dead.
    tries=0
    while [ ! -s "$1/claim" ] && [ "$tries" -lt 50 ]; do
        nap
        tries=$((tries + 1))
    done
    [ -s "$1/claim" ] && read -r claim <"$1/claim" || return 0
    [ "$claim" = never ]
}

# Has a phase never start that has not started yet: forbid PHASE
forbid() {
    mkdir -p "$1" || exit 1
    never "$1" || return 0
}

# Ends processes that are still who they were: signal NAME PID:START...
signal() {
    name=$1
    shift
    for each in "$@"; do
        [ "$(start_of "${each%:*}")" = "${each#*:}" ] && kill -"$name" "${each%:*}" 2>/dev/null
    done
    return 0
}

# What a file is: plain, with its size, and all of it where that is little; or something else: state FILE WORD
# Of many files not all are said, even where they are small: room is what may be said yet.
state() {
    if [ -f "$1" ] && [ ! -L "$1" ]; then
        size=$(stat -c %s "$1")
        if [ "$size" -le 65536 ] && [ "$size" -le "$room" ]; then
            room=$((room - size))
            echo "$2 plain $size $(encoded <"$1")"
        else
            echo "$2 plain $size"
        fi
    elif [ -e "$1" ] || [ -L "$1" ]; then
        echo "$2 other"
    fi
}

# What a job has left: results PHASE OUTPUTS NAME...
results() {
    room=393216
    state "$1/request" request
    if [ ! -d "$2" ] || [ -L "$2" ]; then
        echo no-outputs
        return 0
    fi
    outputs=$2
    shift 2
    for name in "$@"; do
        state "$outputs/$name" "output/$name"
    done
}

# Some of a file: chunk FILE OFFSET
chunk() {
    tail -c +$(($2 + 1)) "$1" | head -c 393216 | encoded
    echo
}

# One digest of all files below a directory; nothing where it is not there.
digest() {
    [ -d "$1" ] || return 0
    cd "$1" && find . ! -type d -exec sha256sum {} + | sort | sha256sum
}

# Puts a directory in the place of another. Who has files of that open goes on with them: replace DIRECTORY BY
replace() {
    if [ -d "$2" ]; then
        [ ! -e "$1" ] || mv "$1" "$2.old" || exit 1
        mv "$2" "$1" || exit 1
    fi
    wipe "$2.old"
}

# Removes directories; where rm can be told so, through no mount.
wipe() {
    if rm -f --one-file-system 2>/dev/null; then
        rm -rf --one-file-system "$@"
    else
        rm -rf "$@"
    fi
}

# Removes the directory of an attempt or a phase, at once for whoever would start something in it: bury DIRECTORY
bury() {
    [ -e "$1" ] || return 0
    gone="${1%/*}/gone.$$.${1##*/}"
    mv "$1" "$gone" || exit 1
    wipe "$gone"
}

# Removes the attempts with other names, and what is left of modules that were being brought: others JOBS MODULES NAME...
others() {
    jobs=$1
    wipe "$2"/*.part-*
    shift 2
    for found in "$jobs"/*; do
        case " $* " in
        *" ${found##*/} "*) ;;
        *) [ ! -e "$found" ] || bury "$found" ;;
        esac
    done
}

# Entries of a journal behind so many, as many as may be said; of a large one its name alone: entries FOLDER SKIP
entries() {
    skip=$2
    room=393216
    for found in "$1"/*.json; do
        [ -f "$found" ] || continue
        skip=$((skip - 1))
        [ "$skip" -lt 0 ] || continue
        size=$(stat -c %s "$found")
        if [ "$size" -gt 262144 ]; then
            size=100
            content=
        else
            content=$(encoded <"$found")
        fi
        [ "$size" -le "$room" ] || return 0
        room=$((room - size))
        echo "entry ${found##*/} $content"
    done
}

# What facts are read from, and what cannot be read from a file.
facts() {
    for found in /proc/sys/kernel/hostname /proc/sys/kernel/osrelease /proc/cpuinfo /proc/meminfo /proc/self/mountinfo \
        /usr/lib/os-release /etc/os-release /run/formwork/ignition/outcome /run/systemd/container /.dockerenv \
        /run/.containerenv /sys/hypervisor/type /sys/class/dmi/id/* /sys/block/*/size /sys/block/*/queue/rotational \
        /sys/class/net/*/address; do
        [ -f "$found" ] && [ -r "$found" ] && echo "file $found $(head -c 131072 "$found" 2>/dev/null | encoded)"
    done
    for found in /sys/block/*/device; do
        [ ! -e "$found" ] || echo "file $found"
    done
    echo "machine $(uname -m)"
    ip -o addr show scope global 2>/dev/null | while read -r number nic family address rest; do
        echo "address $nic ${address%%/*}"
    done
}
