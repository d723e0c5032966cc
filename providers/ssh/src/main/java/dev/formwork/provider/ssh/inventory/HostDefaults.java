package dev.formwork.provider.ssh.inventory;

import java.util.List;
import java.util.Optional;

/// What holds for a host that says nothing else.
///
/// @param jump as `user@host:port` or as the inventory calls them
/// @param agentless whether hosts are worked without an agent
public record HostDefaults(
        int port,
        String user,
        List<String> jump,
        String directory,
        Optional<String> java,
        boolean agentless) {
    public HostDefaults {
        jump = List.copyOf(jump);
    }
}
