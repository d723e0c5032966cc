package dev.formwork.server.security;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// The names by which the engine lets itself be called. A web page that has its own name resolve to
/// this host (DNS rebinding) sends that name, and is refused.
public final class HostNames {
    private final Set<String> plain;
    private final Set<String> secure;

    private HostNames(Set<String> plain, Set<String> secure) {
        this.plain = plain;
        this.secure = secure;
    }

    /// The loopback's names, and that of the address which is listened on.
    public static HostNames of(String address) {
        Set<String> names = new TreeSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
        names.addAll(inHeaders(List.of(address)));
        return new HostNames(names, Set.of());
    }

    /// By TLS it is called by the names of its certificate, and by them only there: elsewhere
    /// nothing says that they are this engine's.
    public HostNames andByTls(Collection<String> names) {
        return new HostNames(plain, inHeaders(names));
    }

    /// @param host value of a Host header, with or without a port
    /// @param secure whether it came by TLS
    boolean allow(String host, boolean secure) {
        return (secure ? this.secure : plain).contains(withoutPort(host).toLowerCase(Locale.ROOT));
    }

    private static Set<String> inHeaders(Collection<String> names) {
        Set<String> written = new TreeSet<>();
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            written.add(lower.contains(":") && !lower.startsWith("[") ? "[" + lower + "]" : lower);
        }
        return written;
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
