package dev.formwork.agent.facts;

import dev.formwork.agent.disk.Folders;
import dev.formwork.agent.host.Host;
import dev.formwork.agent.protocol.Facts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the facts of a host with a shell alone: copies what [FactsReader] looks at into a folder.
/// For one thread at a time.
public final class HostFacts {
    private final Host host;
    private final Path copy;
    private final @Nullable String address;

    /// @param copy a folder of its own on this machine
    /// @param address where other machines reach the host; null for the first IPv4 address found
    public HostFacts(Host host, Path copy, @Nullable String address) {
        this.host = host;
        this.copy = copy;
        this.address = address;
    }

    /// The facts now.
    ///
    /// @throws IOException as [Host#call] throws it, or where the disk here fails
    public Facts read() throws IOException {
        Folders.delete(copy);
        Files.createDirectories(copy);
        Map<String, List<String>> addresses = new HashMap<>();
        String architecture = "unknown";
        for (String line : host.call("facts; return 0")) {
            String[] words = line.split(" ", 3);
            switch (words[0]) {
                case "file" -> copy(words[1], words.length > 2 ? words[2] : "");
                case "machine" -> architecture = words[1];
                case "address" -> {
                    if (words.length == 3) {
                        addresses.computeIfAbsent(words[1], _ -> new ArrayList<>()).add(words[2]);
                    }
                }
                default -> throw new IOException("the host says what is no fact");
            }
        }
        return new FactsReader(
                        copy,
                        address,
                        architecture,
                        nic ->
                                addresses.getOrDefault(nic, List.of()).stream()
                                        .sorted((a, b) ->
                                                Boolean.compare(a.contains(":"), b.contains(":")))
                                        .toList())
                .read();
    }

    private void copy(String path, String base64) throws IOException {
        // The host says where it goes, and may be hostile.
        Path file = copy.resolve(path.substring(1)).normalize();
        if (!path.startsWith("/") || !file.startsWith(copy)) {
            throw new IOException("the host names a file that is none");
        }
        Files.createDirectories(file.getParent());
        Files.write(file, Host.decoded(base64));
    }
}
