package dev.formwork.cli.watch;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.EventFeed;
import dev.formwork.cli.client.EventFeed.Signal;
import dev.formwork.cli.client.Run;
import dev.formwork.cli.client.RunEvent;
import dev.formwork.cli.document.Format;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.model.ProblemException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Follows a run until it ends or waits for a person. Leaving it (Ctrl-C) leaves the run alone.
public final class RunWatch {
    private static final Duration REDRAW = Duration.ofMillis(250);

    /// How long an engine may take to be there again.
    static final Duration LOST_FOR_GOOD = Duration.ofMinutes(2);

    private final Session session;
    private final EngineClient client;
    private final Clock clock;

    public RunWatch(Session session) {
        this.session = session;
        this.client = session.client().waiting(LOST_FOR_GOOD);
        this.clock = session.clock();
    }

    /// Shows the progress, and what came of it.
    ///
    /// @return the exit code
    /// @throws ProblemException `cli.engine-lost`
    public int follow(String id) {
        AtomicBoolean done = new AtomicBoolean();
        Thread farewell =
                Thread.ofPlatform()
                        .name("farewell")
                        .unstarted(() -> {
                            if (!done.get()) {
                                sayGoodbye(id);
                            }
                        });
        Runtime.getRuntime().addShutdownHook(farewell);
        try {
            Run run = watch(id);
            done.set(true);
            return new RunReport(session).print(run);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            sayGoodbye(id);
            return ExitCode.ERROR;
        } finally {
            done.set(true);
            unhook(farewell);
        }
    }

    private Run watch(String id) throws InterruptedException {
        ProgressView view = view();
        ProgressState state = new ProgressState();
        boolean begun = false;
        Optional<Instant> lost = Optional.empty();
        try (EventFeed feed = client.watch(id).start()) {
            while (true) {
                Optional<Signal> signal = feed.poll(REDRAW);
                Instant now = clock.instant();
                switch (signal.orElse(null)) {
                    case null -> {
                        if (begun) {
                            view.tick(state, now);
                        }
                    }
                    case Signal.Connected() -> {
                        if (lost.isPresent()) {
                            view.note("The engine answers again.");
                            lost = Optional.empty();
                        }
                        boolean first = !begun;
                        // Its nodes afterwards: an end in between comes as an event.
                        Run run = client.run(id);
                        state.look(client.nodes(id), now)
                                .forEach(change -> view.changed(state, change, now));
                        begun = true;
                        if (first) {
                            view.begin(state, now);
                        }
                        if (run.ended()) {
                            view.end();
                            return run;
                        }
                        standing(run.state(), run.reason()).ifPresent(view::note);
                    }
                    case Signal.Changed(RunEvent event) -> {
                        if (begun) {
                            state.apply(event)
                                    .ifPresent(change -> view.changed(state, change, now));
                        }
                        if (event.type().equals("run.changed")) {
                            standing(event.state(), event.reason()).ifPresent(view::note);
                        }
                        if (event.type().equals("run.ended")) {
                            state.look(client.nodes(id), now)
                                    .forEach(change -> view.changed(state, change, now));
                            view.end();
                            return client.run(id);
                        }
                    }
                    case Signal.Lost(String why) -> {
                        if (lost.isEmpty()) {
                            lost = Optional.of(now);
                            view.note("The engine does not answer (" + why + "); waiting for it.");
                        }
                    }
                    case Signal.Refused(ProblemException why) -> throw why;
                }
                if (state.waitsForAPerson() && lost.isEmpty()) {
                    view.end();
                    return client.run(id);
                }
                if (lost.isPresent() && lost.get().plus(LOST_FOR_GOOD).isBefore(now)) {
                    throw ProblemException.of(
                            "cli.engine-lost",
                            "the engine has not answered for " + LOST_FOR_GOOD.toSeconds() + " s",
                            "start it again: the run goes on by itself; then `%s status %s`"
                                    .formatted(session.program(), id));
                }
            }
        }
    }

    /// What to say of a run of which nothing starts.
    private static Optional<String> standing(String state, String reason) {
        return switch (state) {
            case "waiting" -> Optional.of("The run waits: " + Printable.line(reason));
            case "paused" -> Optional.of("The run stands: " + Printable.line(reason));
            default -> Optional.empty();
        };
    }

    private ProgressView view() {
        if (session.format() != Format.TABLE) {
            return new PlainView(session.err(), clock.getZone());
        }
        return session.terminal().output()
                ? new LiveView(session.out(), session.terminal())
                : new PlainView(session.out(), clock.getZone());
    }

    private void sayGoodbye(String id) {
        var err = session.err();
        err.println();
        err.println("Detached: the run goes on.");
        err.println("  " + session.program() + " status " + id + "    where it is");
        err.println("  " + session.program() + " cancel " + id + "    end it");
        err.flush();
    }

    private static void unhook(Thread farewell) {
        try {
            Runtime.getRuntime().removeShutdownHook(farewell);
        } catch (IllegalStateException _) {
            // The program is ending already: the thread sees that it has nothing to say.
        }
    }
}
