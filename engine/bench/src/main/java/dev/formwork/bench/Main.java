package dev.formwork.bench;

import dev.formwork.bench.agents.Agents;
import dev.formwork.bench.agents.AgentsSizes;
import dev.formwork.bench.engines.Engines;
import dev.formwork.bench.engines.EnginesSizes;
import dev.formwork.bench.fleet.Fleet;
import dev.formwork.bench.fleet.FleetSizes;
import dev.formwork.bench.plans.Plans;
import dev.formwork.bench.plans.PlansSizes;
import dev.formwork.bench.report.Options;
import dev.formwork.bench.transitions.Sizes;
import dev.formwork.bench.transitions.Transitions;
import dev.formwork.postgres.PostgresServer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `engine/bench/run NAME [--json] [--quick] [--directory DIR]`.
public final class Main {
    private static final String USAGE =
            """
            usage: engine/bench/run NAME [--json] [--quick] [--directory DIR]

              transitions      durable step transitions per second; ready to started on an agent
              fleet            one run over up to 10,000 machines with 512 MB of heap
              agents           1,000 agents over HTTP, and the memory of 10,000 that wait
              engines          three engines on one PostgreSQL against one, and without one
              plans            plans over up to 10,000 machines with 512 MB of heap

              --json           one JSON object with all figures, instead of tables
              --quick          one short round of each: whether it works, not how fast it is
              --directory DIR  where the databases are made and deleted again (default: the
                               system's temporary directory); their disk is what is measured
            """;

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(List.of(arguments)).orElseGet(Main::usage);
        String command = ("engine/bench/run " + String.join(" ", arguments)).strip();
        switch (options.name()) {
            case "transitions" ->
                    options.print(
                            new Transitions(
                                            options.quick() ? Sizes.QUICK : Sizes.STANDARD,
                                            agent(),
                                            postgres(),
                                            Main::progress)
                                    .measure(options.directory(), command));
            case "fleet" ->
                    options.print(
                            new Fleet(
                                            options.quick()
                                                    ? FleetSizes.QUICK
                                                    : FleetSizes.STANDARD,
                                            postgres(),
                                            agent(),
                                            Main::progress)
                                    .measure(options.directory(), command));
            case "agents" ->
                    options.print(
                            new Agents(
                                            options.quick()
                                                    ? AgentsSizes.QUICK
                                                    : AgentsSizes.STANDARD,
                                            agent().orElseThrow(),
                                            Main::progress)
                                    .measure(options.directory(), command));
            case "engines" ->
                    options.print(
                            new Engines(
                                            options.quick()
                                                    ? EnginesSizes.QUICK
                                                    : EnginesSizes.STANDARD,
                                            agent().orElseThrow(),
                                            Main::progress)
                                    .measure(options.directory(), command));
            case "plans" ->
                    options.print(
                            new Plans(
                                            options.quick()
                                                    ? PlansSizes.QUICK
                                                    : PlansSizes.STANDARD,
                                            Main::progress)
                                    .measure(options.directory(), command));
            default -> usage();
        }
    }

    private static void progress(String line) {
        System.err.println(line);
    }

    /// The folder with the agent's jars; the launcher says where.
    private static Optional<Path> agent() {
        return Optional.ofNullable(System.getProperty("formwork.bench.agent")).map(Path::of);
    }

    private static boolean postgres() {
        Optional<String> missing = PostgresServer.missing();
        missing.ifPresent(why -> System.err.println("not measured on PostgreSQL: " + why));
        return missing.isEmpty();
    }

    private static Options usage() {
        System.err.print(USAGE);
        System.exit(2);
        throw new IllegalStateException();
    }
}
