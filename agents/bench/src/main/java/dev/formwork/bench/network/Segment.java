package dev.formwork.bench.network;

import dev.formwork.testkit.lab.Lab;
import dev.formwork.testkit.lab.Running;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The network that is measured on, in namespaces of its own: a host that serves, and one with the
/// clients. That one is a relay agent too, with the clients of a large network behind it.
public final class Segment implements AutoCloseable {
    /// The host that serves.
    public static final String SERVER = "10.77.0.2";

    /// The relay agent's address in the network of its clients.
    public static final String RELAY = "10.128.0.1";

    /// The network behind the relay agent, and what of it is given out.
    public static final String RELAYED = "10.128.0.0/12";

    public static final String FIRST = "10.128.0.2";
    public static final String LAST = "10.143.255.254";

    /// The network card of each host.
    public static final String CARD = "eth0";

    private static final Pattern SENT = Pattern.compile("Sent (\\d+) bytes");

    private final Lab lab;
    private final String server;
    private final String clients;

    /// @param folder for what processes on it keep
    public Segment(Path folder) throws Exception {
        lab = new Lab(folder);
        try {
            server = lab.host(SERVER + "/24");
            clients = lab.host("10.77.0.3/24");
            Lab.execute(clients, "ip", "address", "add", RELAY + "/12", "dev", CARD);
            Lab.execute(server, "ip", "route", "add", RELAYED, "via", "10.77.0.3");
        } catch (Exception e) {
            lab.close();
            throw e;
        }
    }

    /// What it takes to make one; empty where that is there.
    public static Optional<String> missing() {
        return "root".equals(System.getProperty("user.name"))
                ? Programs.missing("ip", "iproute2")
                : Optional.of("only root may make network namespaces");
    }

    /// Our boot server, on the host that serves.
    public Running serve(ServedSite.Settings settings) throws Exception {
        return ServedSite.start(lab, server, settings);
    }

    /// Another program there.
    public Running serve(String what, List<String> command) throws IOException {
        return lab.start(what, server, command);
    }

    /// A program of the host with the clients.
    public Running ask(String what, List<String> command) throws IOException {
        return lab.start(what, clients, command);
    }

    /// A program of ours there.
    public Running ask(String what, Class<?> program, String... arguments) throws IOException {
        return lab.program(what, clients, List.of(), program.getName(), arguments);
    }

    /// From now on every address behind the relay agent is one of the clients' host: machines have
    /// theirs. It answers no echo, as a machine does not that has not begun to boot.
    public void giveClientsTheirAddresses() throws IOException, InterruptedException {
        Lab.execute(clients, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all");
        Lab.execute(clients, "ip", "route", "add", "local", RELAYED, "dev", "lo");
    }

    /// Lets no more than that from the host that serves onto the segment.
    ///
    /// @param rate as `tc` has it, such as `1gbit`
    public void shape(String rate) throws IOException, InterruptedException {
        Lab.execute(
                server, "tc", "qdisc", "replace", "dev", CARD, "root", "tbf", "rate", rate, "burst",
                "256kb", "latency", "20ms");
    }

    public void shapeNoMore() throws IOException, InterruptedException {
        Lab.execute(server, "tc", "qdisc", "del", "dev", CARD, "root");
    }

    /// How many octets of frames went out there since it is shaped.
    public long sent() throws IOException, InterruptedException {
        String told = Lab.execute(server, "tc", "-s", "qdisc", "show", "dev", CARD);
        Matcher sent = SENT.matcher(told);
        if (!sent.find()) {
            throw new IOException("tc does not say what was sent: " + told);
        }
        return Long.parseLong(sent.group(1));
    }

    @Override
    public void close() {
        lab.close();
    }
}
