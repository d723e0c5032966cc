package dev.formwork.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.host.CommandShell;
import dev.formwork.agent.host.Host;
import dev.formwork.agent.protocol.Facts;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// This machine as a host, against what the agent reads of it itself.
final class HostFactsIT {
    @TempDir Path copy;

    @Test
    void readsByAShellWhatTheAgentReadsOnTheMachine() throws IOException {
        Host host;
        Facts facts;
        try (CommandShell shell = new CommandShell(List.of("sh", "-s"))) {
            host = Host.reach(shell, new Random(), () -> {});
            facts = new HostFacts(host, copy.resolve("facts"), "192.0.2.7").read();
        }

        Facts own =
                new FactsReader(
                                Path.of("/"),
                                "192.0.2.7",
                                System.getProperty("os.arch"),
                                new SystemNicAddresses())
                        .read();
        assertThat(host.bootId())
                .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
        assertThat(facts)
                .usingRecursiveComparison()
                .ignoringFields("nics.addresses")
                .isEqualTo(own);
    }
}
