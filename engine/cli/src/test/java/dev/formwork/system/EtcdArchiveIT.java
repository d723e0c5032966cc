package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// `etcd/from-archive` with an archive that a server on the loopback hands out, laid out like the
/// releases of etcd.
class EtcdArchiveIT {
    private static final String NAME = "archive";
    private static final Duration TO_APPLY = Duration.ofMinutes(2);

    @TempDir private Path folder;
    private final AtomicInteger fetched = new AtomicInteger();
    private EngineProcess engine;
    private ApiClient api;
    private HttpServer server;
    private byte[] archive;

    @BeforeEach
    void begin() throws IOException, InterruptedException {
        archive = archive();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/etcd.tar.gz",
                exchange -> {
                    fetched.incrementAndGet();
                    exchange.sendResponseHeaders(200, archive.length);
                    exchange.getResponseBody().write(archive);
                    exchange.close();
                });
        server.start();
        engine = new EngineProcess(folder.resolve("data")).start(EngineOptions.USUAL);
        api = engine.api();
        String yaml =
                TracePack.cluster(
                        NAME, "chain", 2, Map.of("journal", folder.resolve("cluster.journal")));
        Answer.Run run =
                api.awaitEnd(
                        api.start(api.planApply(yaml, List.of(TracePack.upload(api)))).id(),
                        TO_APPLY);
        assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
    }

    @AfterEach
    void end() {
        engine.close();
        server.stop(0);
    }

    @Test
    void machinesOfOneHostFetchAnArchiveOnceAndUnpackWhatItsDigestNames() {
        Answer.Plan plan = plan(Sha256.of(archive));
        Answer.Run run = api.awaitEnd(api.start(plan).id(), TO_APPLY);

        assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
        assertThat(plan.changing()).hasSize(2);
        for (String node : plan.changing()) {
            assertThat(api.logText(run.id(), node)).contains("etcd 9.8.7 is in ");
        }
        assertThat(fetched).hasValue(1);
    }

    @Test
    void refusesAnArchiveWithAnotherDigest() {
        Answer.Plan plan = plan("0".repeat(64));
        Answer.Run run = api.awaitEnd(api.start(plan).id(), TO_APPLY);

        assertThat(run.state()).isEqualTo("failed");
        assertThat(api.logText(run.id(), plan.changing().getFirst()))
                .contains("digest differs", Sha256.of(archive));
    }

    private Answer.Plan plan(String sha256) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/etcd.tar.gz";
        return api.plan(
                Map.of(
                        "kind",
                        "module",
                        "module",
                        "etcd/from-archive",
                        "machines",
                        List.of(NAME + "-nodes-0", NAME + "-nodes-1"),
                        "with",
                        Map.of("url", url, "sha256", sha256)));
    }

    private byte[] archive() throws IOException, InterruptedException {
        Path release = Files.createDirectories(folder.resolve("release/etcd-v9.8.7-linux-amd64"));
        for (String name : List.of("etcd", "etcdctl")) {
            Path program = release.resolve(name);
            Files.writeString(program, "#!/bin/sh\necho \"etcd Version: 9.8.7\"\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
        Path packed = folder.resolve("etcd.tar.gz");
        Process tar =
                new ProcessBuilder(
                                "tar",
                                "-czf",
                                packed.toString(),
                                "-C",
                                folder.resolve("release").toString(),
                                "etcd-v9.8.7-linux-amd64")
                        .inheritIO()
                        .start();
        assertThat(tar.waitFor()).isZero();
        return Files.readAllBytes(packed);
    }
}
