package dev.formwork.cli.moduletest;

import static dev.formwork.cli.terminal.Words.count;

import dev.formwork.cli.catalog.OfflinePacks;
import dev.formwork.cli.document.Format;
import dev.formwork.cli.plan.PackFinder;
import dev.formwork.cli.plan.PackOptions;
import dev.formwork.cli.serve.ServeCommand;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Style;
import dev.formwork.cli.terminal.Times;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.ModuleTest;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ModuleTestLoader;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork test`.
@Command(
        name = "test",
        description =
                "Runs the tests of a module, or of all modules of a pack. Plans are made in this"
                        + " process; tasks run on machines of an engine that is thrown away.")
public final class TestCommand implements Callable<Integer> {
    private final Session session;
    private final String version;
    private final List<Value> results = new ArrayList<>();
    private @Nullable ThrowawayEngine engine;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|MODULE",
            description = "A pack, a module's folder, or a module's name (default: the pack here).")
    private Optional<String> what = Optional.empty();

    @Option(names = "--plans-only", description = "Runs no task.")
    private boolean plansOnly;

    @Mixin private PackOptions packs;

    public TestCommand(Session session, String version) {
        this.session = session;
        this.version = version;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<TestedModule> modules = modules();
        Instant start = session.clock().instant();
        int run = 0;
        int failed = 0;
        try {
            for (TestedModule module : modules) {
                for (ModuleTest test : module.tests()) {
                    failed += isGood(module, test, ++run) ? 0 : 1;
                }
            }
        } finally {
            if (engine != null) {
                engine.close();
            }
        }
        if (!session.document(Session.struct("items", Value.of(results)))) {
            Duration took = Duration.between(start, session.clock().instant());
            session.print("");
            session.print(
                    "%s, %d failed (%s)".formatted(count(run, "test"), failed, Times.lasted(took)));
        }
        return failed == 0 ? ExitCode.OK : ExitCode.ERROR;
    }

    private boolean isGood(TestedModule module, ModuleTest test, int number)
            throws InterruptedException {
        Instant start = session.clock().instant();
        List<String> failures = new ArrayList<>();
        String log = "";
        boolean skipped = plansOnly && test.expect().needsRun();
        try {
            failures.addAll(new PlanCheck().check(module, test));
            if (test.expect().needsRun() && !skipped && failures.isEmpty()) {
                TaskCheck.Outcome outcome =
                        new TaskCheck(engine(), session.clock()).check(module, test, number);
                failures.addAll(outcome.failures());
                log = outcome.log();
            }
        } catch (ProblemException e) {
            e.problems().forEach(problem -> failures.add(problem.toString()));
        }
        Duration took = Duration.between(start, session.clock().instant());
        report(module, test, new Verdict(failures, log, skipped, took));
        return failures.isEmpty();
    }

    /// @param skipped the task was not run
    private record Verdict(List<String> failures, String log, boolean skipped, Duration took) {}

    private void report(TestedModule module, ModuleTest test, Verdict verdict) {
        List<String> failures = verdict.failures;
        String name = module.module().module().name();
        results.add(
                Session.struct(
                        "module", Value.of(name),
                        "test", Value.of(test.name()),
                        "file", Value.of(module.folder() + "/" + test.file()),
                        "passed", Value.of(failures.isEmpty()),
                        "failures", Value.of(failures.stream().map(Value::of).toList()),
                        "task_skipped", Value.of(verdict.skipped),
                        "milliseconds", Value.of(verdict.took.toMillis())));
        if (session.format() != Format.TABLE) {
            return;
        }
        Style style = session.style();
        String passed = verdict.skipped ? style.yellow("plan") : style.green("ok  ");
        session.print(
                "%s  %s: %s (%s)"
                        .formatted(
                                failures.isEmpty() ? passed : style.red("FAIL"),
                                name,
                                test.name(),
                                Times.lasted(verdict.took)));
        if (!failures.isEmpty()) {
            session.print("      " + module.folder() + "/" + test.file());
            failures.forEach(failure -> session.print("      " + Printable.line(failure)));
            List<String> lines = verdict.log.strip().lines().toList();
            lines.subList(Math.max(0, lines.size() - 10), lines.size())
                    .forEach(line -> session.print("      | " + Printable.line(line)));
        }
        session.out().flush();
    }

    private ThrowawayEngine engine() {
        ThrowawayEngine started = engine;
        if (started == null) {
            List<Path> folders =
                    new ArrayList<>(session.distribution().standardPack().stream().toList());
            Path here = session.resolve(Path.of(what.orElse(".")));
            packs.all(session, Optional.of(here)).stream()
                    .filter(folder -> !folders.contains(folder))
                    .forEach(folders::add);
            started =
                    ThrowawayEngine.start(
                            ServeCommand.config(session, List.of(), version).agent(),
                            folders,
                            version);
            engine = started;
        }
        return started;
    }

    private List<TestedModule> modules() {
        OfflinePacks offline =
                new OfflinePacks(
                        session.resolve(Path.of("")), session.distribution().standardPack());
        Path path = session.resolve(Path.of(what.orElse(".")));
        Problems problems = new Problems();
        List<Path> named = packs.all(session, Optional.empty());
        Catalog all = offline.around(path, named, problems);
        problems.throwIfAny();
        if (Files.exists(path.resolve("module.yaml"))) {
            LoadedModule module = offline.module(path);
            Catalog with = all.with(Catalog.of(List.of(module), List.of()));
            return List.of(tested(module, with, offline.shown(path), offline, path));
        }
        if (Files.isDirectory(path)) {
            Path pack =
                    PackFinder.around(path)
                            .orElseThrow(() ->
                                    ProblemException.of(
                                            "cli.no-tests",
                                            offline.shown(path) + " is in no pack",
                                            "name a pack, a module's folder, or a module"));
            return offline.pack(pack, problems).modules().values().stream()
                    .map(module -> inPack(module, all, pack, offline))
                    .filter(module -> isBelow(module, path))
                    .toList();
        }
        LoadedModule module = all.require(what.orElseThrow());
        Path pack =
                named.stream()
                        .filter(each -> offline.folderOf(module.module().name(), each).isPresent())
                        .reduce((_, last) -> last)
                        .or(() -> PackFinder.around(session.resolve(Path.of("."))))
                        .or(() -> session.distribution().standardPack())
                        .orElse(path);
        return List.of(inPack(module, all, pack, offline));
    }

    private boolean isBelow(TestedModule module, Path path) {
        return session.resolve(Path.of(module.folder())).startsWith(path);
    }

    private TestedModule inPack(LoadedModule module, Catalog all, Path pack, OfflinePacks offline) {
        Path folder = offline.folderOf(module.module().name(), pack).orElse(pack);
        return tested(module, all, offline.shown(folder), offline, folder);
    }

    private static TestedModule tested(
            LoadedModule module, Catalog all, String shown, OfflinePacks offline, Path folder) {
        try {
            return new TestedModule(module, ModuleTestLoader.loadAll(module), all, shown);
        } catch (ProblemException e) {
            throw new ProblemException(
                    e.problems().stream().map(each -> offline.below(folder, each)).toList());
        }
    }
}
