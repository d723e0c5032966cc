# What is known of processes, for scripts on hosts. Runs in any POSIX shell.

# Sets stat to what is known of a process (proc_pid_stat(5)), in one line: its name may have several.
stat_of() {
    stat=
    while read -r part || [ -n "$part" ]; do
        stat="$stat$part "
    done 2>/dev/null <"/proc/$1/stat"
    [ -n "$stat" ]
}

# The start of a process in ticks since the boot (proc_pid_stat(5), 22), out of its line.
start_in() {
    set -- ${1##*) }
    shift 19
    echo "$1"
}

# The same of one that lives; fails where it does not.
start_of() {
    stat_of "$1" || return 1
    case ${stat##*) } in [ZXx]*) return 1 ;; esac
    start_in "$stat"
}
