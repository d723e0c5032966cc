package dev.formwork.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

class StartIT {
    @TempDir private Path folder;

    @Test
    void makesItsDirectoryAndTokenForItsUserAlone() throws IOException {
        Path data = folder.resolve("deep/data");
        try (TestEngine engine = TestEngine.start(data)) {
            assertThat(permissions(data)).isEqualTo("rwx------");
            assertThat(permissions(data.resolve("api-token"))).isEqualTo("rw-------");
            assertThat(permissions(data.resolve("engine.key"))).isEqualTo("rw-------");
            assertThat(permissions(data.resolve("engine.json"))).isEqualTo("rw-------");
            assertThat(engine.token()).hasSize(43);
            assertThat(data.resolve("engine.log")).content().contains("is ready at");
        }
        assertThat(data.resolve("engine.json")).doesNotExist();
    }

    @Test
    void keepsItsTokenAndItsPortOverRestarts() throws IOException {
        String token;
        URI uri;
        try (TestEngine engine = TestEngine.start(folder)) {
            token = engine.token();
            uri = engine.uri();
        }
        try (TestEngine engine = TestEngine.start(folder)) {
            assertThat(engine.token()).isEqualTo(token);
            assertThat(engine.uri()).isEqualTo(uri);
        }
    }

    @Test
    void refusesATokenThatOthersMayRead() throws IOException {
        TestEngine.start(folder).close();
        Files.setPosixFilePermissions(
                folder.resolve("api-token"), PosixFilePermissions.fromString("rw-r-----"));

        refused(TestEngine.config(folder), "server.secret-readable");
    }

    @Test
    void refusesAPortThatIsInUse() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused(
                    TestEngine.config(folder).withPort(socket.getLocalPort()),
                    "server.port-in-use");
        }
        TestEngine.start(folder).close(); // It has let go of everything.
    }

    @Test
    void refusesADirectoryThatAnotherEngineHas() throws IOException {
        try (TestEngine engine = TestEngine.start(folder)) {
            refused(TestEngine.config(folder), "store.locked");
            assertThat(engine.get("/api/v1/runs").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesToLeaveTheLoopback() {
        refused(TestEngine.config(folder).withHost("0.0.0.0"), "server.needs-tls");
    }

    @Test
    void refusesADirectoryThatIsAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        refused(TestEngine.config(file.resolve("data")), "server.data-directory");
        refused(TestEngine.config(file), "server.data-directory");
    }

    @Test
    void saysWhatIsWrongWithAPack() throws IOException {
        Path pack = Files.createDirectory(folder.resolve("pack"));

        refused(
                TestEngine.config(folder.resolve("data")).withPacks(List.of(pack)),
                "pack.no-pack-yaml");
    }

    private static void refused(ServeConfig config, String code) {
        assertThatThrownBy(() -> EngineServer.start(config))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(code);
                            assertThat(e.problems().getFirst().hint()).isNotNull();
                        });
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
