package dev.formwork.provider.ssh.inventory;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// One host, and how it is reached.
///
/// @param name what the inventory calls it
/// @param address a DNS name or an IP address
/// @param key the private key that alone is tried; null for those of the provider
/// @param jump the hosts that lie between, the first to be connected to first
/// @param directory the provider's own on the host: absolute, and plain for every shell
/// @param java the `java` there; empty where a runtime is to be uploaded
/// @param agentless whether it is worked without an agent being brought there
public record Host(
        String name,
        String address,
        int port,
        String user,
        @Nullable Path key,
        List<Host> jump,
        String directory,
        Optional<String> java,
        Set<String> groups,
        Map<String, String> labels,
        boolean agentless) {

    static final int HIGHEST_PORT = 65535;
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
    static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}|[0-9A-Fa-f:.]{2,45}");
    static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}");
    static final Pattern PLAIN_PATH = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*){1,20}");
    private static final Pattern IP =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    public Host {
        jump = List.copyOf(jump);
        groups = Set.copyOf(groups);
        labels = Map.copyOf(labels);
    }

    /// Where other machines find it, if the inventory says so by an IP address.
    public @Nullable String ipAddress() {
        return IP.matcher(address).matches() ? address : null;
    }

    /// As a file of known hosts calls it.
    public String knownAs() {
        return port == 22 ? address : "[%s]:%d".formatted(address, port);
    }

    /// Two hosts that agree in this are one place.
    String place() {
        return "%s port %d %s through %s"
                .formatted(address, port, directory, jump.stream().map(Host::knownAs).toList());
    }

    @Override
    public String toString() {
        return name;
    }
}
