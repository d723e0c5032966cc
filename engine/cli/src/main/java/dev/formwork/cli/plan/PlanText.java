package dev.formwork.cli.plan;

import static dev.formwork.cli.terminal.Words.count;

import dev.formwork.cli.client.PlanDocument;
import dev.formwork.cli.client.PlanDocument.Node;
import dev.formwork.cli.terminal.NameRanges;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Style;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// A plan as a person wants to read it: machines first, then steps in order, those that are alike
/// in one line, then what it does to people's systems, in numbers.
public final class PlanText {
    private static final int NARROWEST_REASON = 24;

    private final Style style;
    private final int width;
    private final boolean all;

    /// @param width columns
    /// @param all also what is unchanged or skipped
    public PlanText(Style style, int width, boolean all) {
        this.style = style;
        this.width = width;
        this.all = all;
    }

    /// One line of a list: what is alike of a step.
    private record Row(String mark, String what, String where, String reason) {}

    /// What makes nodes alike.
    private record Alike(String step, String action, String decision, String reason) {}

    public List<String> lines(PlanDocument plan) {
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(title(plan)));
        if (!plan.drift().isEmpty()) {
            lines.add("");
            lines.add("Drift: what was found to be other than recorded");
            plan.drift().forEach(found -> bullet("  ! ", Printable.line(found), lines));
        }
        section("Machines", machines(plan), lines);
        section("Steps, in order", steps(plan), lines);
        if (all && !plan.forget().isEmpty()) {
            lines.add("");
            lines.add("Forgotten, with nothing to undo");
            plan.forget().forEach(key -> lines.add("    " + key));
        }
        lines.add("");
        lines.addAll(summary(plan.summary()));
        plan.cost()
                .ifPresent(cost ->
                        Printable.wrap("Cost: " + CostText.sums(plan, cost) + ".", width)
                                .forEach(line -> lines.add(style.bold(line))));
        return lines;
    }

    private static String title(PlanDocument plan) {
        return switch (plan.kind()) {
            case "destroy" -> "Plan to destroy cluster " + plan.cluster();
            case "module" -> "Plan to run a module";
            default -> "Plan for cluster " + plan.cluster();
        };
    }

    private List<Row> machines(PlanDocument plan) {
        Map<String, String> providers = new LinkedHashMap<>();
        TreeSet<String> made = new TreeSet<>();
        plan.nodes().stream()
                .filter(node -> node.action().equals("create") || node.action().equals("allocate"))
                .forEach(node -> node.machine().ifPresent(made::add));
        Map<String, String> ofPools = new LinkedHashMap<>();
        plan.members().stream()
                .filter(member -> !member.role().equals("leaving"))
                .forEach(member -> ofPools.put(member.name(), CostText.ifMade(plan, member)));
        plan.members()
                .forEach(member ->
                        providers.put(
                                member.name(),
                                CostText.places(plan, member, made.contains(member.name()))));
        Map<Alike, List<Node>> groups = new LinkedHashMap<>();
        for (Node node : plan.nodes()) {
            boolean bootOfMade =
                    node.action().equals("boot") && made.contains(node.machine().orElse(""));
            if (!node.action().equals("step") && !node.action().equals("undo") && !bootOfMade) {
                // One that is a pool's is not made or removed.
                boolean pooled =
                        node.action().equals("allocate") || node.action().equals("release");
                String provider =
                        (node.action().equals("release")
                                        ? Map.<String, String>of()
                                        : pooled ? ofPools : providers)
                                .getOrDefault(node.machine().orElse(""), "");
                groups.computeIfAbsent(
                                new Alike(provider, node.action(), "", node.reason()),
                                _ -> new ArrayList<>())
                        .add(node);
            }
        }
        List<Row> rows = new ArrayList<>();
        groups.forEach((alike, nodes) ->
                rows.add(
                        new Row(
                                machineMark(alike.action),
                                alike.action,
                                NameRanges.of(
                                        nodes.stream().map(n -> n.machine().orElse("")).toList()),
                                alike.reason
                                        + (alike.step.isEmpty() ? "" : " (" + alike.step + ")"))));
        return rows;
    }

    private static String machineMark(String action) {
        return switch (action) {
            case "create", "allocate" -> "+";
            case "remove", "release" -> "-";
            default -> "~";
        };
    }

    private List<Row> steps(PlanDocument plan) {
        Map<Alike, List<Node>> groups = new LinkedHashMap<>();
        for (Node node : plan.nodes()) {
            boolean step = node.action().equals("step") || node.action().equals("undo");
            boolean quiet =
                    node.decision().equals("unchanged") || node.decision().equals("skipped");
            if (step && (all || !quiet)) {
                groups.computeIfAbsent(
                                new Alike(
                                        node.step(), node.action(), node.decision(), node.reason()),
                                _ -> new ArrayList<>())
                        .add(node);
            }
        }
        Map<String, Integer> ofStep = new LinkedHashMap<>();
        plan.nodes().forEach(node -> ofStep.merge(node.step(), 1, Integer::sum));
        List<Row> rows = new ArrayList<>();
        groups.forEach((alike, nodes) -> {
            boolean undo = alike.action.equals("undo");
            rows.add(
                    new Row(
                            undo && alike.decision.equals("will_run") ? "-" : mark(alike.decision),
                            undo
                                    ? alike.step.replaceFirst("^(undo|rollback):", "undo ")
                                    : alike.step,
                            where(nodes, nodes.size() == ofStep.getOrDefault(alike.step, 0)),
                            undo && alike.decision.equals("will_run")
                                    ? alike.reason
                                    : decided(alike)));
        });
        return rows;
    }

    private static String mark(String decision) {
        return switch (decision) {
            case "will_run" -> "~";
            case "may_run" -> "?";
            default -> "=";
        };
    }

    private static String decided(Alike alike) {
        String words = alike.decision.replace('_', ' ');
        String reason = Printable.line(alike.reason);
        return reason.isEmpty() ? words : words + ": " + reason;
    }

    /// `3 machines` where all of a step are alike, otherwise their names.
    private static String where(List<Node> nodes, boolean whole) {
        List<String> machines =
                nodes.stream().map(node -> node.machine().orElse("")).distinct().toList();
        if (machines.size() == 1) {
            String machine = machines.getFirst();
            return nodes.size() == 1 ? machine : machine + ", " + nodes.size() + " times";
        }
        return whole ? count(machines.size(), "machine") : NameRanges.of(machines);
    }

    private void section(String title, List<Row> rows, List<String> lines) {
        if (rows.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(title);
        int what = rows.stream().mapToInt(row -> row.what.length()).max().orElse(0);
        int where = rows.stream().mapToInt(row -> row.where.length()).max().orElse(0);
        // A long list of names must not push the reasons off the screen.
        where = Math.min(where, Math.max(12, width - what - 8 - NARROWEST_REASON));
        for (Row row : rows) {
            List<String> places = Printable.wrap(row.where, where);
            int reasonAt = 4 + what + 2 + where + 2;
            List<String> reasons =
                    Printable.wrap(row.reason, Math.max(NARROWEST_REASON, width - reasonAt));
            for (int i = 0; i < Math.max(places.size(), reasons.size()); i++) {
                String place = i < places.size() ? places.get(i) : "";
                String reason = i < reasons.size() ? reasons.get(i) : "";
                String text =
                        pad(i == 0 ? row.what : "", what)
                                + "  "
                                + pad(place, where)
                                + "  "
                                + reason;
                String mark = i == 0 ? coloured(row.mark) : " ";
                lines.add(("  " + mark + " " + text).stripTrailing());
            }
        }
    }

    private void bullet(String mark, String text, List<String> lines) {
        String lead = mark;
        for (String line : Printable.wrap(text, width - mark.length())) {
            lines.add(lead + line);
            lead = " ".repeat(mark.length());
        }
    }

    private String coloured(String mark) {
        return switch (mark) {
            case "+" -> style.green(mark);
            case "-" -> style.red(mark);
            case "~" -> style.yellow(mark);
            case "?" -> style.cyan(mark);
            default -> style.dim(mark);
        };
    }

    private List<String> summary(PlanDocument.Summary summary) {
        if (summary.empty()) {
            return List.of(
                    "Nothing to do: everything is as wanted ("
                            + count(summary.unchanged(), "step")
                            + " unchanged).");
        }
        List<String> parts = new ArrayList<>();
        part(summary.create(), "machine", " to create", parts);
        part(summary.remove(), "machine", " to remove", parts);
        part(summary.allocate(), "machine", " to allocate", parts);
        part(summary.release(), "machine", " to release", parts);
        part(summary.run(), "step", " to run", parts);
        part(summary.mayRun(), "step", " that may run", parts);
        part(summary.undo(), "step", " to undo", parts);
        part(summary.unchanged(), "", "unchanged", parts);
        List<String> lines = new ArrayList<>(Printable.wrap(String.join(", ", parts) + ".", width));
        effects(summary.effects())
                .ifPresent(text -> {
                    List<String> wrapped = Printable.wrap("Effects: " + text + ".", width);
                    wrapped.forEach(line -> lines.add(style.bold(line)));
                });
        return lines;
    }

    private static void part(int number, String noun, String rest, List<String> parts) {
        if (number > 0) {
            parts.add(noun.isEmpty() ? number + " " + rest : count(number, noun) + rest);
        }
    }

    private static Optional<String> effects(Map<String, PlanDocument.Count> effects) {
        List<String> parts = new ArrayList<>();
        effects.forEach((effect, number) -> {
            String noun = effect.replace('-', ' ');
            if (number.certain() > 0) {
                parts.add(
                        count(number.certain(), noun)
                                + (number.possible() > 0
                                        ? " (" + number.possible() + " more possible)"
                                        : ""));
            } else {
                parts.add(count(number.possible(), "possible " + noun));
            }
        });
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - Style.width(text)));
    }
}
