package dev.formwork.provider.ssh;

import dev.formwork.agent.host.ShellFunctions;
import dev.formwork.model.EngineId;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ssh.connection.Answer;
import dev.formwork.provider.ssh.connection.RemoteHosts;
import dev.formwork.provider.ssh.connection.Upload;
import dev.formwork.provider.ssh.inventory.Host;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What can be done on a host: the functions of `host.sh`, and how their refusals are told.
/// Thread-safe.
final class HostCommands {
    private static final String FUNCTIONS = ShellFunctions.PROCESSES + Shell.resource("host.sh");

    private static final Duration LOOK = Duration.ofSeconds(20);
    private static final Pattern JAVA_VERSION = Pattern.compile("version \"([0-9]{1,4})");
    private static final int OLDEST_JAVA = 25;
    private static final int MOST_SAID = 400;

    private static final int TAKEN = 10;
    private static final int GONE = 11;
    private static final int DELETING = 12;
    private static final int MOUNTED = 13;
    private static final int DOES_NOT_END = 14;
    private static final int NOT_STARTED = 15;
    private static final int CONFIRMED = 16;
    private static final int NO_PROGRAM = 17;

    private final RemoteHosts hosts;
    private final EngineId engine;
    private final Duration grace;
    private final RandomGenerator random;

    /// @param grace how long a process has between TERM and KILL
    HostCommands(RemoteHosts hosts, EngineId engine, Duration grace, RandomGenerator random) {
        this.hosts = hosts;
        this.engine = engine;
        this.grace = grace;
        this.random = random;
    }

    /// Reads only, and so soon that a host that hangs is named before the engine gives up.
    HostState state(Host host) {
        Answer answer = hosts.run(host, script(host, "", "", "state"), LOOK);
        return HostState.parse(host, done(host, answer).lines());
    }

    /// Takes a host for a machine. Where it is taken already, says by whom.
    HostState claim(Host host, Mark mark) {
        Answer answer = run(host, mark, "claim " + heredoc(String.join("\n", mark.lines())));
        return HostState.parse(
                host, (answer.status() == TAKEN ? answer : done(host, answer)).lines());
    }

    /// Says whether the claim is there still.
    boolean confirm(Host host, Mark mark) {
        Answer answer = run(host, mark, "confirm");
        return answer.status() != GONE && done(host, answer).status() == 0;
    }

    /// Gives up a claim; false where it is confirmed.
    boolean release(Host host, Mark mark) {
        Answer answer = run(host, mark, "release");
        return answer.status() != CONFIRMED && done(host, answer).status() == 0;
    }

    /// The digests of the sets of files that are there.
    Set<String> sets(Host host) {
        return Set.copyOf(done(host, run(host, "", "", "sets")).lines());
    }

    /// Puts a set of files beside its place, and says where.
    String upload(Host host, Parcel parcel) {
        String beside = ".%s-%08x".formatted(parcel.digest(), random.nextInt());
        List<Upload> files = parcel.files();
        hosts.put(host, host.directory() + "/sets/" + beside, files);
        return beside;
    }

    /// Moves it there.
    void adopt(Host host, Mark mark, String beside, Parcel parcel) {
        done(host, run(host, mark, "adopt %s %s".formatted(beside, parcel.digest())));
    }

    /// Starts the agent of a new machine, and notes that the machine is made.
    ///
    /// @param launch the script that becomes the agent
    /// @param sets of which it needs the files
    void start(Host host, Mark mark, BootToken token, String launch, List<String> sets) {
        done(
                host,
                run(
                        host,
                        mark,
                        """
                        lock
                        require_mine
                        [ ! -e "$dir/ready" ] || return 0
                        furnish %s
                        write_launch %s
                        launch
                        keep_sets %s
                        ready\
                        """
                                .formatted(
                                        Shell.quote(token.reveal()),
                                        heredoc(launch),
                                        String.join(" ", sets))));
    }

    /// Makes a new machine that is worked without an agent, and notes that it is made.
    void furnish(Host host, Mark mark, BootToken token) {
        done(
                host,
                run(
                        host,
                        mark,
                        """
                        lock
                        require_mine
                        [ ! -e "$dir/ready" ] || return 0
                        need_for_work
                        furnish %s
                        ready\
                        """
                                .formatted(Shell.quote(token.reveal()))));
    }

    /// From when this returns, nobody but this worker has scripts run on the machine.
    ///
    /// @param worker a word that nobody else has
    void take(Host host, Mark mark, String worker) {
        done(host, run(host, mark, "take " + worker));
    }

    /// A script that works a machine: run only while that is this worker's, and as a whole.
    ///
    /// @throws ProblemException as [RemoteHosts#run]
    Answer work(Host host, String worker, String script) {
        return hosts.run(
                host,
                """
                dir=%s
                [ -d "$dir/machine" ] || exit %3$d
                exec 8>>"$dir/work" || exit 1
                flock -s 8 || exit 1
                [ "$(cat "$dir/machine/worker" 2>/dev/null)" = %2$s ] || exit %3$d
                %4$s
                """
                        .formatted(
                                Shell.quote(host.directory()), Shell.quote(worker), LOST, script));
    }

    /// The status of a script of a worker who has the machine no more.
    static final int LOST = 21;

    /// Ends the agent alone and starts it anew.
    void restart(Host host, Mark mark, String launch, List<String> sets) {
        done(
                host,
                run(
                        host,
                        mark,
                        """
                        lock
                        require_mine
                        end_agent
                        write_launch %s
                        launch
                        keep_sets %s\
                        """
                                .formatted(heredoc(launch), String.join(" ", sets))));
    }

    /// Notes that a machine is being removed; does nothing where it is not there.
    void doom(Host host, String ref) {
        done(host, run(host, ref, "", "doom"));
    }

    /// Ends its processes and removes its files; does nothing where it is not there.
    void remove(Host host, String ref) {
        done(host, run(host, ref, "", "remove"));
    }

    /// What a program says of its version.
    ///
    /// @throws ProblemException `ssh.java-too-old` where it is no Java 25 or newer
    void requireJava(Host host, String program) {
        Answer answer =
                run(host, "", "", "%s -version 2>&1 || return 0".formatted(Shell.quote(program)));
        String said = String.join(" ", done(host, answer).lines());
        Matcher named = JAVA_VERSION.matcher(said);
        int version = named.find() ? Integer.parseInt(named.group(1)) : 0;
        if (version < OLDEST_JAVA) {
            throw ProblemException.of(
                    "ssh.java-too-old",
                    "%s on host %s is no Java 25 or newer: %s"
                            .formatted(program, host, Names.abbreviate(said)),
                    "install one, or leave the setting java out: then a runtime is uploaded");
        }
    }

    private Answer run(Host host, Mark mark, String calls) {
        return run(host, mark.ref(), mark.claim(), calls);
    }

    private Answer run(Host host, String ref, String claim, String calls) {
        return hosts.run(host, script(host, ref, claim, calls));
    }

    private String script(Host host, String ref, String claim, String calls) {
        return "dir=%s\nengine=%s\nref=%s\nclaim=%s\ngrace=%d\n%s\n%s\n"
                .formatted(
                        Shell.quote(host.directory()),
                        Shell.quote(engine.value()),
                        Shell.quote(ref),
                        Shell.quote(claim),
                        grace.toSeconds(),
                        FUNCTIONS,
                        calls);
    }

    /// What follows a command for its stdin: left as it is by the shell.
    private String heredoc(String text) {
        String end = "formwork_%016x".formatted(random.nextLong());
        return "<<'%s'\n%s\n%s".formatted(end, text, end);
    }

    /// The answer of what could be done.
    private Answer done(Host host, Answer answer) {
        String said = end(answer.errors());
        return switch (answer.status()) {
            case 0 -> answer;
            case TAKEN ->
                    throw ProviderCode.CONFLICT.problem("host %s is taken".formatted(host), null);
            case GONE ->
                    throw ProviderCode.NOT_FOUND.problem(
                            "the machine on host %s is gone".formatted(host), null);
            case DELETING ->
                    throw ProviderCode.CONFLICT.problem(
                            "the machine on host %s is being deleted".formatted(host),
                            "finish its delete");
            case MOUNTED ->
                    throw ProviderCode.PARTIAL.problem(
                            "file systems are mounted in the machine on host %s: %s"
                                    .formatted(host, said),
                            "umount them; nothing is removed through a mount");
            case DOES_NOT_END ->
                    throw ProviderCode.PARTIAL.problem(
                            "processes on host %s do not end: %s".formatted(host, said),
                            "see what keeps them, with ps and dmesg there");
            case NOT_STARTED ->
                    throw ProblemException.of(
                            "ssh.agent-not-started",
                            "the agent on host %s ended at once: %s".formatted(host, said),
                            "see %s/machine/agent.log there".formatted(host.directory()));
            case NO_PROGRAM ->
                    throw ProblemException.of(
                            "ssh.missing-program",
                            "host %s lacks %s".formatted(host, said),
                            "it is in util-linux, coreutils or grep, or in BusyBox");
            default -> throw failed(host, answer.status(), said);
        };
    }

    /// The end of hostile text, where the reason is.
    private static String end(String text) {
        return text.substring(Math.max(0, text.length() - MOST_SAID))
                .replaceAll("\\p{Cntrl}+", " ");
    }

    private static ProblemException failed(Host host, int status, String said) {
        if (said.contains("No space left") || said.contains("quota exceeded")) {
            return ProviderCode.QUOTA.problem(
                    "the disk of host %s is full: %s".formatted(host, said),
                    "make room and ask again");
        }
        if (said.contains("Permission denied") || said.contains("Read-only")) {
            return ProviderCode.CREDENTIALS.problem(
                    "user %s may not write on host %s: %s".formatted(host.user(), host, said),
                    "give the provider a directory of its own: the setting directory");
        }
        return ProblemException.of(
                "ssh.host-failed",
                "host %s could not do it (status %d): %s".formatted(host, status, said),
                "see what it said");
    }
}
