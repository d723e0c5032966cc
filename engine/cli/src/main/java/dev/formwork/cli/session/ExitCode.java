package dev.formwork.cli.session;

/// What the program's exit code says; docs/cli.md promises them.
public final class ExitCode {
    public static final int OK = 0;

    /// Something is wrong: it was printed.
    public static final int ERROR = 1;

    /// `plan --detailed-exitcode`: there are changes.
    public static final int CHANGES = 2;

    /// The run failed or was cancelled; a replay came to other states.
    public static final int RUN_FAILED = 3;

    /// The run waits for a person.
    public static final int WAITS = 4;

    /// The command line is wrong (EX_USAGE of sysexits.h).
    public static final int USAGE = 64;

    private ExitCode() {}
}
