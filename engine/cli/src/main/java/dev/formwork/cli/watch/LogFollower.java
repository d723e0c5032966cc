package dev.formwork.cli.watch;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.LogPart;
import dev.formwork.cli.client.RunNode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Prints the logs of a run's nodes, whole lines at a time.
public final class LogFollower {
    private static final Duration WAIT = Duration.ofSeconds(20);

    private final Session session;
    private final EngineClient client;
    private final String run;

    public LogFollower(Session session, String run) {
        this.session = session;
        this.client = session.client().waiting(RunWatch.LOST_FOR_GOOD);
        this.run = run;
    }

    /// Prints what there is.
    public void print(String node, String prefix) {
        read(node, prefix, Duration.ZERO);
    }

    /// Prints what there is and what comes, until the node's job has ended.
    public void follow(String node, String prefix) {
        read(node, prefix, WAIT);
    }

    /// Prints the logs of all nodes as they come, each line with its node, until the run has ended.
    public void followAll() throws InterruptedException {
        Set<String> followed = new HashSet<>();
        List<Thread> readers = new ArrayList<>();
        try (var feed = client.watch(run).start()) {
            boolean ended = client.run(run).ended();
            while (true) {
                for (RunNode node : client.nodes(run)) {
                    if (node.job().isPresent()
                            && followed.add(node.key() + " " + node.job().get())) {
                        readers.add(
                                Thread.ofVirtual()
                                        .name("log " + node.key())
                                        .start(() -> follow(node.key(), node.key() + " | ")));
                    }
                }
                if (ended) {
                    break;
                }
                feed.poll(Duration.ofSeconds(1));
                ended = client.run(run).ended();
            }
        }
        for (Thread reader : readers) {
            reader.join();
        }
    }

    private void read(String node, String prefix, Duration wait) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long offset = 0;
        boolean goesOn = true;
        while (goesOn) {
            LogPart part = client.log(run, node, offset, wait);
            List<String> lines = new ArrayList<>();
            for (byte b : part.bytes()) {
                if (b == '\n') {
                    lines.add(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                } else {
                    line.write(b);
                }
            }
            goesOn = !part.complete() && (!wait.isZero() || part.next() > offset);
            if (!goesOn && line.size() > 0) {
                lines.add(line.toString(StandardCharsets.UTF_8));
            }
            offset = part.next();
            print(lines, prefix);
        }
    }

    private void print(List<String> lines, String prefix) {
        boolean raw = !session.terminal().output() && prefix.isEmpty();
        synchronized (session) {
            lines.forEach(line -> session.print(prefix + (raw ? line : Printable.line(line))));
            session.out().flush();
        }
    }
}
