package dev.formwork.provider.redfish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The services of these tests understand clients that are not ours, so that client and service do
/// not merely agree with each other: the DMTF's `redfishtool` and OpenStack's `sushy`.
class OtherClientsIT {
    @TempDir Path folder;

    private final RedfishBench bench = new RedfishBench(3);

    @BeforeAll
    static void needsThem() {
        Needs.programs("redfishtool");
        Needs.files("/usr/lib/python3/dist-packages/sushy/__init__.py");
    }

    @AfterEach
    void closeBench() {
        bench.close();
    }

    private String redfishtool(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "redfishtool",
                                "-r",
                                bench.server().uri().getAuthority(),
                                "-u",
                                RedfishBench.USER,
                                "-p",
                                RedfishBench.PASSWORD,
                                "-S",
                                "Always",
                                "-A",
                                "Session",
                                "-n"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("REQUESTS_CA_BUNDLE", RedfishBench.keys().file().toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        String printed = Files.readString(out);
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    private String now(Function<InMemorySystem, @Nullable Object> look) {
        return bench.service.look("node-2", look);
    }

    @Test
    void redfishtoolListsSystemsSwitchesThemAndLogsOut() throws Exception {
        assertThat(redfishtool("Systems", "list"))
                .contains("/redfish/v1/Systems/node-1", "/redfish/v1/Systems/node-3");
        redfishtool("Systems", "-I", "node-2", "setBootOverride", "Once", "Pxe");
        redfishtool("Systems", "-I", "node-2", "reset", "On");
        assertThat(redfishtool("Systems", "-I", "node-2", "-P", "PowerState", "get"))
                .contains("On");
        redfishtool("Systems", "-I", "node-2", "setAssetTag", "rack-7");
        redfishtool("Systems", "-I", "node-2", "reset", "ForceRestart");
        redfishtool("Systems", "-I", "node-2", "reset", "ForceOff");
        assertThat(redfishtool("Chassis", "-I", "node-2", "get")).contains("CH-node-2");

        assertThat(now(system -> system.resets)).isEqualTo("[On, ForceRestart, ForceOff]");
        assertThat(now(system -> system.boots)).isEqualTo("[Pxe, default]");
        assertThat(now(system -> system.assetTag)).isEqualTo("rack-7");
        assertThat(bench.service.sessionIds()).as("it has logged out").isEmpty();
        assertThat(bench.service.asked("POST")).contains("/redfish/v1/SessionService/Sessions");
    }

    @Test
    void sushyDoesAllThatWeDo() throws Exception {
        String printed =
                run(
                        List.of(
                                "/usr/bin/python3",
                                Path.of(
                                                Objects.requireNonNull(
                                                                getClass()
                                                                        .getResource(
                                                                                "other-client.py"))
                                                        .toURI())
                                        .toString(),
                                bench.server().uri().toString(),
                                RedfishBench.USER,
                                RedfishBench.PASSWORD));

        assertThat(printed).contains("done");
        assertThat(now(system -> system.resets)).isEqualTo("[On, ForceRestart, ForceOff]");
        assertThat(now(system -> system.boots)).isEqualTo("[Pxe, Cd]");
        assertThat(now(system -> system.firmware.get("BMC"))).isEqualTo("9");
        assertThat(now(system -> system.pendingBios)).isEqualTo("{Turbo=false}");
        assertThat(now(system -> system.image)).isEqualTo("null");
        assertThat(bench.service.sessionIds()).as("it has logged out").isEmpty();
    }
}
