package dev.formwork.server.security;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// The names by which the engine lets itself be called. A web page that has its own name resolve to
/// this host (DNS rebinding) sends that name, and is refused.
public final class HostNames {
    private final Set<String> names;

    private HostNames(Set<String> names) {
        this.names = names;
    }

    /// The loopback's names, and that of the address which is listened on.
    public static HostNames of(String address) {
        Set<String> names = new TreeSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
        String lower = address.toLowerCase(Locale.ROOT);
        names.add(lower.contains(":") && !lower.startsWith("[") ? "[" + lower + "]" : lower);
        return new HostNames(names);
    }

    /// @param host value of a Host header, with or without a port
    boolean allow(String host) {
        return names.contains(withoutPort(host).toLowerCase(Locale.ROOT));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
