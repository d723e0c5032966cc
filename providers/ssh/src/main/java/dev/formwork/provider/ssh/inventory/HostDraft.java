package dev.formwork.provider.ssh.inventory;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A host as it is written down, before those between are known.
///
/// @param jump as `user@host:port` or as the inventory calls them
/// @param where it is written, for messages
record HostDraft(
        String name,
        String address,
        int port,
        String user,
        @Nullable Path key,
        List<String> jump,
        String directory,
        Optional<String> java,
        Set<String> groups,
        Map<String, String> labels,
        boolean agentless,
        String where) {

    Host with(List<Host> between) {
        return new Host(
                name, address, port, user, key, between, directory, java, groups, labels,
                agentless);
    }
}
