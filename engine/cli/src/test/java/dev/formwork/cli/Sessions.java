package dev.formwork.cli;

import dev.formwork.cli.session.Session;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/// Runs the program inside a test and keeps what it prints.
final class Sessions {
    private final Map<String, String> environment = new HashMap<>();
    private final Path directory;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();
    private Clock clock = Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneOffset.UTC);

    Sessions(Path directory) {
        this.directory = directory;
        environment.put("FORMWORK_TTY", "");
        environment.put("HOME", directory.toString());
        environment.put("FORMWORK_APP", Path.of("../..").toAbsolutePath().normalize().toString());
    }

    Sessions with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Sessions realTime() {
        clock = Clock.systemUTC();
        return this;
    }

    int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        PrintWriter to = new PrintWriter(out);
        PrintWriter errors = new PrintWriter(err);
        int exitCode =
                Main.run(
                        new Session(
                                environment,
                                directory,
                                new BufferedReader(new StringReader("")),
                                to,
                                errors,
                                clock),
                        arguments);
        to.flush();
        errors.flush();
        return exitCode;
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
