package dev.formwork.provider.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.formwork.model.EngineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.Console;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.Provider;
import dev.formwork.provider.tck.Eventually;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Machines boot from the network for real.
class QemuNetworkIT {
    private static final EngineId ENGINE = new EngineId("engine-one");
    private static final Duration BOOT = Duration.ofMinutes(2);

    private static final String SCRIPT =
            """
            #!ipxe
            echo SCRIPT ${net0/mac} ${uuid} ${serial}
            """;

    private HttpServer server;
    private final List<QemuBench> benches = new ArrayList<>();

    @BeforeAll
    static void needsQemu() {
        QemuPackages.need();
    }

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/boot.ipxe",
                exchange -> {
                    try (exchange) {
                        byte[] script = SCRIPT.getBytes(StandardCharsets.US_ASCII);
                        exchange.sendResponseHeaders(200, script.length);
                        exchange.getResponseBody().write(script);
                    }
                });
        server.start();
    }

    @AfterEach
    void endWhatIsLeft() {
        benches.forEach(QemuBench::close);
        server.stop(0);
    }

    private QemuBench bench(Map<String, Value> config, List<String> more) {
        QemuBench bench =
                new QemuBench(
                        config,
                        URI.create(
                                "http://127.0.0.1:%d/boot.ipxe"
                                        .formatted(server.getAddress().getPort())),
                        more);
        benches.add(bench);
        return bench;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bios", "uefi"})
    void bootsInUserModeAndIsWhoTheProviderSays(String firmware) {
        if (firmware.equals("uefi")) {
            QemuPackages.needUefi();
        }
        try (Provider provider =
                bench(Map.of("accelerator", Value.of("tcg")), List.of()).open(ENGINE)) {
            Instance made =
                    QemuMachineIT.create(
                            provider,
                            Value.of(
                                    Map.of(
                                            "memory", Value.of("256M"),
                                            "firmware", Value.of(firmware))));
            Console console = provider.capability(Console.class);

            Eventually.holds(
                    "the script runs",
                    BOOT,
                    () -> console.read(made.ref(), 0, 1 << 20).text().contains("SCRIPT"));

            // A terminal of 80 columns breaks lines, and firmware repeats what it draws.
            Eventually.holds(
                    "it says all of who it is",
                    () -> {
                        String text =
                                console.read(made.ref(), 0, 1 << 20).text().replaceAll("\\s+", "");
                        return text.contains(
                                "SCRIPT"
                                        + made.hardware().macs().getFirst()
                                        + made.hardware().uuid().orElseThrow()
                                        + made.hardware().serial().orElseThrow());
                    });
            assertThat(made.address()).startsWith("10.77.0.");
            assertThat(made.cards())
                    .singleElement()
                    .satisfies(card -> {
                        assertThat(card.mac()).isEqualTo(made.hardware().macs().getLast());
                        assertThat(card.address()).isEqualTo(made.address() + "/24");
                    });
        }
    }

    @Test
    void isOnItsBridgeByATapThatGoesWithIt() throws Exception {
        Needs.root("make namespaces");
        String lab = "fwqemu" + ProcessHandle.current().pid();
        run("ip", "netns", "add", lab);
        try {
            run("ip", "-n", lab, "link", "add", "br0", "type", "bridge");
            run("ip", "-n", lab, "link", "set", "br0", "up");
            QemuBench bench =
                    bench(
                            Map.of(
                                    "network", Value.of("bridge"),
                                    "bridge", Value.of("br0"),
                                    "netns", Value.of(lab)),
                            List.of("-S"));
            try (Provider provider = bench.open(ENGINE)) {
                Instance made = QemuMachineIT.create(provider, bench.spec());
                String tap = Taps.name(bench.data, made.machine());

                assertThat(made.address()).isNull();
                assertThat(made.cards()).isEmpty();
                assertThat(made.hardware().macs()).hasSize(1);
                assertThat(run("ip", "-n", lab, "link", "show", "master", "br0")).contains(tap);
                assertThat(run("ip", "netns", "pids", lab).lines())
                        .contains(Long.toString(bench.qemus(made.machine()).getFirst().pid()));

                provider.capability(InstanceLifecycle.class)
                        .delete(QemuMachineIT.anyToken(), made.ref());

                assertThat(run("ip", "-n", lab, "link", "show")).doesNotContain(tap);
                assertThat(bench.remainsOf(made.machine())).isEmpty();
            }
        } finally {
            benches.forEach(QemuBench::close);
            benches.clear();
            run("ip", "netns", "delete", lab);
        }
    }

    private static String run(String... command) throws IOException {
        Commands.Ended ended = new Commands(System.getenv("PATH")).run(List.of(command));
        assertThat(ended.status()).as(ended.output()).isZero();
        return ended.output();
    }
}
