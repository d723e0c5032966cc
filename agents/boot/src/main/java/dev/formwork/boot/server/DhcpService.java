package dev.formwork.boot.server;

import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpCodec;
import dev.formwork.boot.dhcp.DhcpDecoding;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.lease.Arrival;
import dev.formwork.boot.lease.DhcpServer;
import dev.formwork.boot.lease.Lease;
import dev.formwork.boot.lease.LeaseBook;
import dev.formwork.boot.lease.Observation;
import dev.formwork.boot.lease.Probe;
import dev.formwork.boot.lease.ProxyDhcp;
import dev.formwork.boot.lease.Reply;
import dev.formwork.boot.lease.Step;
import dev.formwork.model.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Serves DHCP: one thread steps the server, and what many packets changed is one commit; another
/// sends what is durable. Where requests come faster than that, the newest are lost: clients ask
/// again.
public final class DhcpService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DhcpService.class);
    private static final int MOST_WAITING = 16_384;
    private static final int MOST_AT_ONCE = 1024;

    private final DhcpServer server;
    private final Optional<ProxyDhcp> proxy;
    private final LeaseBook book;
    private final DhcpWire wire;
    private final Clock clock;
    private final Consumer<Observation> observer;
    private final LinkedBlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
    private final ExecutorService sender =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("dhcp-send").daemon().factory());
    private final Thread thread;
    private volatile boolean isClosed;

    private sealed interface Input {
        record Received(DhcpPacket packet, Arrival arrival) implements Input {}

        record Probed(Probe probe, boolean isUsed) implements Input {}
    }

    /// @param server used by this service's thread only, from now on
    /// @param proxy where we tell clients of other servers what to boot
    /// @param book stays open; whoever opened it closes it after this
    /// @param observer is told what is seen on the network; it logs, or the like, and returns
    public DhcpService(
            DhcpServer server,
            Optional<ProxyDhcp> proxy,
            LeaseBook book,
            DhcpWire wire,
            Clock clock,
            Consumer<Observation> observer) {
        this.server = server;
        this.proxy = proxy;
        this.book = book;
        this.wire = wire;
        this.clock = clock;
        this.observer = observer;
        thread = Thread.ofPlatform().name("dhcp").daemon().unstarted(this::run);
    }

    public DhcpService start() {
        thread.start();
        return this;
    }

    /// Takes a datagram. Safe for any thread; does not wait.
    public void received(Octets datagram, Arrival arrival) {
        switch (DhcpCodec.decode(datagram)) {
            case DhcpDecoding.Decoded(DhcpPacket packet) -> {
                if (inputs.size() < MOST_WAITING) {
                    inputs.add(new Input.Received(packet, arrival));
                } else {
                    LOG.debug("A request on {} is lost: too many wait", arrival.link());
                }
            }
            case DhcpDecoding.Refused refused ->
                    LOG.debug("From {}: {}", arrival, refused.problem());
        }
    }

    /// Ends both threads; what was not durable yet is not answered.
    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
        sender.shutdown();
        boolean interrupted = false;
        while (thread.isAlive() || !sender.isTerminated()) {
            try {
                thread.join();
                sender.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Input> batch = new ArrayList<>();
        while (!isClosed) {
            batch.clear();
            try {
                batch.add(inputs.take());
            } catch (InterruptedException e) {
                continue; // By close().
            }
            inputs.drainTo(batch, MOST_AT_ONCE);
            List<Lease> changes = new ArrayList<>();
            List<Reply> replies = new ArrayList<>();
            for (Input input : batch) {
                try {
                    Step step = step(input);
                    step.observations().forEach(observer);
                    step.probes().forEach(this::probe);
                    changes.addAll(step.changes());
                    replies.addAll(step.replies());
                } catch (RuntimeException e) {
                    // One packet that we handle wrongly must not end the service for all others.
                    LOG.error("A packet is not answered: {}", input, e);
                }
            }
            commit(changes, replies);
        }
    }

    private Step step(Input input) {
        return switch (input) {
            case Input.Probed(Probe probe, boolean isUsed) ->
                    server.probed(probe, isUsed, clock.instant());
            case Input.Received(DhcpPacket packet, Arrival arrival) -> {
                boolean isOfProxy =
                        !packet.isReply()
                                && (arrival.localPort() == ProxyDhcp.PORT
                                        || (proxy.isPresent() && !server.serves(packet, arrival)));
                yield isOfProxy
                        ? new Step(
                                List.of(),
                                proxy.flatMap(each -> each.received(packet, arrival)).stream()
                                        .toList(),
                                List.of(),
                                server.lacks(packet, clock.instant()).stream().toList())
                        : server.received(packet, arrival, clock.instant());
            }
        };
    }

    private void probe(Probe probe) {
        var _ =
                wire.isUsed(probe)
                        .whenComplete((used, failure) ->
                                inputs.add(new Input.Probed(probe, failure == null && used)));
    }

    private void commit(List<Lease> changes, List<Reply> replies) {
        if (changes.isEmpty()) {
            send(replies);
            return;
        }
        var _ =
                book.commit(changes)
                        .whenComplete((done, failure) -> {
                            if (failure == null) {
                                send(replies);
                            } else {
                                LOG.error(
                                        "{} replies are not sent: {}",
                                        replies.size(),
                                        said(failure));
                            }
                        });
    }

    private void send(List<Reply> replies) {
        if (replies.isEmpty()) {
            return;
        }
        try {
            sender.execute(() -> replies.forEach(this::send));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} replies are not sent: the service ends", replies.size());
        }
    }

    private void send(Reply reply) {
        try {
            wire.send(
                    DhcpCodec.encode(reply.packet(), reply.room()),
                    reply.destination(),
                    reply.arrival());
        } catch (ProblemException e) {
            LOG.error("No reply to {}: {}", reply.packet().hardware(), e.getMessage());
        }
    }

    private static String said(Throwable failure) {
        return failure instanceof ProblemException problem
                ? problem.getMessage()
                : failure.toString();
    }
}
