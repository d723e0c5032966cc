package dev.formwork.boot.server;

import dev.formwork.boot.lease.Observation;
import dev.formwork.boot.thread.Threads;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Looks once a second whether our links are up: a thread of its own. The kernel says nothing to
/// who only waits for packets when a cable is pulled.
final class LinkLooker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkLooker.class);

    private final List<String> links;
    private final Clock clock;
    private final Consumer<Observation> observer;
    private final LinkWatch watch = new LinkWatch();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    /// @param observer as [DhcpService] has it
    LinkLooker(List<String> links, Clock clock, Consumer<Observation> observer) {
        this.links = List.copyOf(links);
        this.clock = clock;
        this.observer = observer;
        thread = Thread.ofPlatform().name("boot-links").daemon().unstarted(this::run);
    }

    LinkLooker start() {
        thread.start();
        return this;
    }

    @Override
    public void close() {
        end.countDown();
        Threads.join(thread);
    }

    private void run() {
        try {
            do {
                for (String link : links) {
                    watch.look(link, isUp(link), clock.instant()).ifPresent(observer);
                }
            } while (!end.await(1, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            LOG.debug("Nobody looks at links any more", e);
        }
    }

    /// Up, and running: with a carrier.
    private static boolean isUp(String link) {
        try {
            @Nullable NetworkInterface found = NetworkInterface.getByName(link);
            return found != null && found.isUp();
        } catch (SocketException e) {
            LOG.debug("Whether {} is up is not known", link, e);
            return true;
        }
    }
}
