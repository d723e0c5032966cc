package dev.formwork.server.tls;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Where an engine listens for other hosts, and by which names it is called there.
///
/// @param host an address to listen on; `0.0.0.0` and `::` are all of this host
/// @param port 0 for the one it had last time, if it is free, or any
/// @param names what agents call it, DNS names and addresses, the best one first; beside them its
///   certificate names the address, or all that this host has, this host's name and the loopback
public record TlsAddress(String host, int port, List<String> names) {
    public static final int STANDARD_PORT = 7443;

    private static final Pattern DNS_NAME =
            Pattern.compile(
                    "(?=.{1,253}$)(?!.*\\.[0-9]+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
                            + "(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final int HIGHEST_PORT = 65_535;
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    public TlsAddress {
        names = names.stream().map(name -> bare(name).toLowerCase(Locale.ROOT)).distinct().toList();
    }

    /// @param text `ADDRESS` or `ADDRESS:PORT`; an IPv6 address with a port in brackets
    /// @throws ProblemException `server.bad-address`
    public static TlsAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort =
                colon > text.lastIndexOf(']')
                        && (text.startsWith("[") || text.indexOf(':') == colon);
        String port = hasPort ? text.substring(colon + 1) : Integer.toString(STANDARD_PORT);
        if (!PORT.matcher(port).matches()) {
            throw badAddress("not a port: " + Names.abbreviate(port));
        }
        return new TlsAddress(
                bare(hasPort ? text.substring(0, colon) : text), Integer.parseInt(port), List.of());
    }

    public TlsAddress withNames(List<String> next) {
        return new TlsAddress(host, port, next);
    }

    /// @throws ProblemException `server.bad-address`, `server.bad-name`, `server.needs-name`
    public void check() {
        if (!isAddress(host)) {
            throw badAddress("not an address to listen on: " + Names.abbreviate(host));
        }
        if (port < 0 || port > HIGHEST_PORT) {
            throw badAddress("not a port: " + port);
        }
        for (String name : names) {
            if (isEverywhere(name) || !(isAddress(name) || DNS_NAME.matcher(name).matches())) {
                throw ProblemException.of(
                        "server.bad-name",
                        "no machine can call this engine " + Names.abbreviate(name),
                        "a DNS name or an address, such as --name engine.example");
            }
        }
        if (isEverywhere(host) && names.isEmpty()) {
            throw ProblemException.of(
                    "server.needs-name",
                    "machines can't call " + host + ", and nothing says how they reach this host",
                    "name an address of this host instead, or add --name NAME");
        }
    }

    /// What the certificate says, the first name first.
    List<String> certificateNames() {
        Set<String> all = new LinkedHashSet<>(called());
        hostName().ifPresent(all::add);
        if (isEverywhere(host)) {
            all.addAll(addressesOfThisHost());
        }
        all.addAll(LOOPBACK);
        return List.copyOf(all);
    }

    /// Where agents of other hosts call, the best first.
    ///
    /// @param bound the port that it listens on
    public List<URI> urls(int bound) {
        return called().stream().map(name -> url(name, bound)).toList();
    }

    /// Where the other engines call: the address itself, if it is one.
    public URI url(int bound) {
        return url(isEverywhere(host) ? names.getFirst() : host, bound);
    }

    private List<String> called() {
        List<String> called = new ArrayList<>(names);
        if (!isEverywhere(host) && !called.contains(host)) {
            called.add(host);
        }
        return called;
    }

    private static URI url(String name, int port) {
        return URI.create("https://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port);
    }

    static boolean isAddress(String text) {
        try {
            return InetAddress.ofLiteral(text) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isEverywhere(String text) {
        return isAddress(text) && InetAddress.ofLiteral(text).isAnyLocalAddress();
    }

    private static Optional<String> hostName() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT))
                    .filter(name -> DNS_NAME.matcher(name).matches());
        } catch (UnknownHostException _) {
            return Optional.empty();
        }
    }

    /// As they are now: a machine that boots from the network knows none of the names.
    private static List<String> addressesOfThisHost() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLinkLocalAddress())
                    .map(InetAddress::getHostAddress)
                    .filter(TlsAddress::isAddress)
                    .toList();
        } catch (SocketException _) {
            return List.of();
        }
    }

    private static String bare(String text) {
        return text.startsWith("[") && text.endsWith("]")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    private static ProblemException badAddress(String detail) {
        return ProblemException.of(
                "server.bad-address", detail, "such as --agents 192.0.2.1:" + STANDARD_PORT);
    }
}
