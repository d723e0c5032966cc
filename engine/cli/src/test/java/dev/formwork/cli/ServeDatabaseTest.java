package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// What `serve` says of a database that it cannot use, before it starts anything.
class ServeDatabaseTest {
    private static final String URL = "postgresql://me@127.0.0.1:1/plans";

    @TempDir Path directory;

    @Test
    void refusesAPasswordOnTheCommandLineAndDoesNotRepeatIt() {
        Sessions sessions = new Sessions(directory);

        assertThat(sessions.run("serve", "--database", "postgresql://me:hunter2@host/plans"))
                .isEqualTo(1);

        assertThat(sessions.err()).contains("store.bad-url").doesNotContain("hunter2");
    }

    @Test
    void refusesAPasswordFileThatOthersMayRead() throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "hunter2\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Sessions sessions = new Sessions(directory);

        assertThat(sessions.run("serve", "--database", URL, "--database-password-file", "password"))
                .isEqualTo(1);

        assertThat(sessions.err())
                .contains("server.secret-readable", "chmod 600")
                .doesNotContain("hunter2");
    }

    @Test
    void saysWhichPasswordFileItCannotRead() {
        Sessions sessions = new Sessions(directory);

        assertThat(sessions.run("serve", "--database", URL, "--database-password-file", "none"))
                .isEqualTo(1);

        assertThat(sessions.err()).contains("cli.unreadable-file", "none");
    }
}
