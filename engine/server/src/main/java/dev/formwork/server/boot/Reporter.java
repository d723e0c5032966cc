package dev.formwork.server.boot;

import dev.formwork.boot.lease.Observation;
import dev.formwork.model.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Tells the log, and the engine, what is seen on the networks. Those who see it don't wait: a
/// thread of its own asks the engine, and where it can't follow, or no engine answers, a report is
/// lost. What is still so is said again in a minute. Thread-safe.
final class Reporter implements Consumer<Observation>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
    private static final int MOST_WAITING = 256;

    private final EngineAsked engine;
    private final String server = host();
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MOST_WAITING),
                    Thread.ofPlatform().name("boot-reports").daemon().factory());

    Reporter(EngineAsked engine) {
        this.engine = engine;
    }

    @Override
    public void accept(Observation seen) {
        if (seen.isOver()) {
            LOG.info("{}: {}", seen.code(), seen.detail());
        } else {
            LOG.warn("{}: {}", seen.code(), seen.detail());
        }
        try {
            thread.execute(() -> tell(BootReport.of(seen, server)));
        } catch (RejectedExecutionException e) {
            LOG.debug("The engine is not told: {}", e.getMessage());
        }
    }

    private void tell(BootReport report) {
        try {
            engine.report(report);
        } catch (ProblemException e) {
            LOG.debug("The engine is not told of {}: {}", report.code(), e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }
}
