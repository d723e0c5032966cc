package dev.formwork.cli.watch;

import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Times;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// A line for each change that people follow: for files and pipes.
final class PlainView implements ProgressView {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final PrintWriter out;
    private final ZoneId zone;

    PlainView(PrintWriter out, ZoneId zone) {
        this.out = out;
        this.zone = zone;
    }

    @Override
    public void begin(ProgressState state, Instant now) {
        line(now, "%d of %d nodes done".formatted(state.ended(), state.total()));
    }

    @Override
    public void changed(ProgressState state, ProgressState.Change change, Instant now) {
        ProgressState.Tracked node = change.after();
        boolean same =
                node.state().equals(change.before().state())
                        && node.attempt() == change.before().attempt()
                        && node.question().equals(change.before().question());
        if (same || node.state().equals("ready") || node.state().equals("blocked")) {
            return;
        }
        StringBuilder text = new StringBuilder("%-10s %s".formatted(node.state(), node.key()));
        if (node.ended()) {
            node.started()
                    .ifPresent(started ->
                            text.append(" (")
                                    .append(Times.lasted(Duration.between(started, node.since())))
                                    .append(')'));
        } else if (node.attempt() > 1) {
            text.append(" (attempt ").append(node.attempt()).append(')');
        }
        boolean telling = node.state().equals("failed") || node.state().equals("waiting");
        if (telling && !node.reason().isEmpty()) {
            text.append(": ").append(Printable.line(node.reason()));
        }
        line(node.since(), text.toString());
    }

    @Override
    public void tick(ProgressState state, Instant now) {}

    @Override
    public void note(String line) {
        out.println(line);
        out.flush();
    }

    @Override
    public void end() {
        out.flush();
    }

    private void line(Instant at, String text) {
        note(CLOCK.format(at.atZone(zone)) + " " + text);
    }
}
