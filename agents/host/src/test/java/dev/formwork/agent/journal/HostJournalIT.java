package dev.formwork.agent.journal;

import dev.formwork.agent.host.CommandShell;
import dev.formwork.agent.host.Host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// The journal of a machine that is a host.
final class HostJournalIT extends JournalIT {
    @Override
    Journal opened(Path at) throws IOException {
        Host host = Host.reach(new CommandShell(List.of("sh", "-s")), new Random(), () -> {});
        return Journal.open(host, at);
    }
}
