package dev.formwork.cli.watch;

import dev.formwork.cli.terminal.NameRanges;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Style;
import dev.formwork.cli.terminal.Terminal;
import dev.formwork.cli.terminal.Times;
import dev.formwork.cli.terminal.Words;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// A bar and the running steps, redrawn in place; each step that is over, and each failure, leaves
/// a line above.
final class LiveView implements ProgressView {
    private static final int MOST_RUNNING = 8;
    private static final int WIDEST_BAR = 30;
    private static final String CLEAR = "\r\u001b[J";

    private final PrintWriter out;
    private final Terminal terminal;
    private final Style style;
    private Instant started = Instant.MAX;
    private List<String> drawn = List.of();

    LiveView(PrintWriter out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
        this.style = terminal.style();
    }

    @Override
    public void begin(ProgressState state, Instant now) {
        started = now;
        draw(List.of(), lines(state, now));
    }

    @Override
    public void changed(ProgressState state, ProgressState.Change change, Instant now) {
        List<String> above = new ArrayList<>();
        ProgressState.Tracked node = change.after();
        boolean fails = node.state().equals("failed") && !change.before().state().equals("failed");
        boolean asks = node.question().isPresent() && change.before().question().isEmpty();
        boolean again = node.attempt() > change.before().attempt() && node.attempt() > 1;
        if (fails) {
            above.add(cut("  " + style.red("failed") + "  " + node.key() + reason(node)));
        } else if (asks) {
            above.add(cut("  " + style.yellow("asks") + "    " + node.key() + reason(node)));
        } else if (again) {
            above.add(
                    cut(
                            "  "
                                    + style.yellow("again")
                                    + "   "
                                    + node.key()
                                    + ", attempt "
                                    + node.attempt()));
        }
        if (change.stepEnded()) {
            step(state, node.step(), above);
        }
        draw(above, lines(state, now));
    }

    @Override
    public void tick(ProgressState state, Instant now) {
        draw(List.of(), lines(state, now));
    }

    @Override
    public void note(String line) {
        List<String> below = drawn;
        draw(List.of(line), below);
    }

    @Override
    public void end() {
        draw(List.of(), List.of());
    }

    /// A step of which nothing is left to do, unless it failed, which was said.
    private void step(ProgressState state, String step, List<String> above) {
        List<ProgressState.Tracked> nodes = state.ofStep(step);
        List<ProgressState.Tracked> ran =
                nodes.stream().filter(node -> node.state().equals("succeeded")).toList();
        if (ran.isEmpty()) {
            return;
        }
        Instant from =
                ran.stream()
                        .flatMap(node -> node.started().stream())
                        .min(Comparator.naturalOrder())
                        .orElse(started);
        Instant to =
                ran.stream()
                        .map(ProgressState.Tracked::since)
                        .max(Comparator.naturalOrder())
                        .orElse(from);
        String where =
                NameRanges.of(
                        ran.stream()
                                .map(node -> node.key().substring(node.key().lastIndexOf('@') + 1))
                                .toList());
        above.add(
                cut(
                        "  "
                                + style.green("ok")
                                + "      %-16s %8s  %s"
                                        .formatted(
                                                step.replaceFirst("^machine:", ""),
                                                Times.lasted(Duration.between(from, to)),
                                                where)));
    }

    private List<String> lines(ProgressState state, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(cut(bar(state) + "  " + Times.clock(Duration.between(started, now))));
        List<ProgressState.Tracked> running =
                state.in("running").stream()
                        .sorted(Comparator.comparing(ProgressState.Tracked::since))
                        .toList();
        for (ProgressState.Tracked node :
                running.subList(0, Math.min(MOST_RUNNING, running.size()))) {
            lines.add(
                    cut(
                            "  %5s  %s%s"
                                    .formatted(
                                            Times.clock(Duration.between(node.since(), now)),
                                            node.key(),
                                            node.attempt() > 1
                                                    ? " (attempt " + node.attempt() + ")"
                                                    : "")));
        }
        if (running.size() > MOST_RUNNING) {
            lines.add("         and " + (running.size() - MOST_RUNNING) + " more");
        }
        return lines;
    }

    private String bar(ProgressState state) {
        int total = Math.max(1, state.total());
        int size = Math.min(WIDEST_BAR, Math.max(10, terminal.width() / 3));
        int done = (int) (state.ended() * size / total);
        StringBuilder text = new StringBuilder();
        text.append('[').append(style.green("#".repeat(done))).repeat('.', size - done);
        text.append("] ").append(state.ended()).append('/').append(state.total());
        Map<String, Integer> counts = state.counts();
        for (String word : List.of("running", "waiting", "failed")) {
            if (counts.containsKey(word)) {
                text.append(", ").append(counts.get(word)).append(' ').append(word);
            }
        }
        int questions = state.questions().size();
        return questions == 0 ? text.toString() : text + ", " + Words.count(questions, "question");
    }

    private static String reason(ProgressState.Tracked node) {
        return node.reason().isEmpty() ? "" : ": " + Printable.line(node.reason());
    }

    /// Colours end at the edge as well.
    private String cut(String line) {
        int width = terminal.width() - 1;
        if (Style.width(line) <= width) {
            return line;
        }
        int escapes = line.length() - line.replaceAll("\u001b\\[[0-9;]*m", "").length();
        return Printable.cut(line, width + escapes);
    }

    private void draw(List<String> above, List<String> below) {
        if (!drawn.isEmpty()) {
            out.print("\u001b[" + drawn.size() + "A");
        }
        out.print(CLEAR);
        above.forEach(out::println);
        below.forEach(out::println);
        out.flush();
        drawn = List.copyOf(below);
    }
}
