package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final CommandLine commandLine =
            Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));

    @Test
    void printsTheVersionOfTheBuild() {
        assertThat(commandLine.execute("version")).isZero();
        assertThat(out.toString().strip()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void refusesACommandItDoesNotKnow() {
        assertThat(commandLine.execute("no-such-command")).isEqualTo(2);
        assertThat(out.toString()).contains("no-such-command");
    }
}
