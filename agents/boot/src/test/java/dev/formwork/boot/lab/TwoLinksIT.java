package dev.formwork.boot.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;
import dev.formwork.testkit.lab.Lab;
import dev.formwork.testkit.lab.Running;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A server on two segments, and real packets.
final class TwoLinksIT {
    private static final String FIRST = "52:54:00:77:01:01";
    private static final String SECOND = "52:54:00:77:01:02";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir private Path folder;

    @BeforeAll
    static void needs() {
        Needs.root("make namespaces");
        Needs.programs("ip");
    }

    @Test
    void answersOnTheLinkThatAskedAndNamesOneWhoseCableIsPulled() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.bridge("br1", "10.78.0.1/24");
            String onFirst = lab.host("br0", "10.77.0.9/24");
            String onSecond = lab.host("br1", "10.78.0.9/24");
            Running server =
                    lab.program(
                            "server",
                            LabServer.class.getName(),
                            "br0,br1",
                            "10.77.0.100",
                            "10.77.0.120",
                            folder + "/leases",
                            folder.toString());
            Running first = client(lab, onFirst);
            Running second = client(lab, onSecond);
            ready(server);

            first.tell(FIRST);
            assertThat(heard(first, FIRST)).endsWith(": 10.77.0.100 by 10.77.0.1");
            // Had the other segment got that offer as well, it would be there before its own.
            second.tell(SECOND);
            assertThat(heard(second, SECOND)).endsWith(": 10.78.0.100 by 10.78.0.1");

            assertThat(replies(first)).singleElement().asString().contains(FIRST);
            assertThat(replies(second)).singleElement().asString().contains(SECOND);

            Lab.plug(onSecond, false);
            String down = "SEEN boot.link-down network interface br1 is ";
            server.await(line -> line.startsWith(down + "down: "), "that br1 is down", PATIENCE);
            Lab.plug(onSecond, true);
            server.await(line -> line.equals(down + "up again"), "that br1 is up", PATIENCE);
            assertThat(server.said()).noneMatch(line -> line.contains("interface br0"));
        }
    }

    private static Running client(Lab lab, String host) throws Exception {
        // What goes to everybody goes by this route.
        Lab.execute(host, "ip", "route", "add", "default", "dev", "eth0");
        Running client = lab.program("client", host, List.of(), LabClient.class.getName());
        ready(client);
        return client;
    }

    private static void ready(Running program) throws InterruptedException {
        program.await("READY"::equals, "READY", PATIENCE);
    }

    private static String heard(Running client, String mac) throws InterruptedException {
        return client.await(
                line -> line.startsWith("HEARD OFFER for " + mac + ": "),
                "an offer for " + mac,
                PATIENCE);
    }

    private static List<String> replies(Running client) {
        return client.said().stream().filter(line -> line.startsWith("HEARD")).toList();
    }
}
