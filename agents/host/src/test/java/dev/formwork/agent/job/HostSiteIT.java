package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.agent.TestJobs;
import dev.formwork.agent.host.CommandShell;
import dev.formwork.agent.host.Host;
import dev.formwork.agent.host.HostAnswer;
import dev.formwork.agent.host.HostShell;
import dev.formwork.agent.journal.Journal;
import dev.formwork.agent.journal.JournalEntry.Held;
import dev.formwork.agent.journal.JournalEntry.Over;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Job;
import dev.formwork.testkit.FolderProcesses;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What happens on a host when scripts come late, or at once.
class HostSiteIT {
    private static final int NOT_STARTED = 15;

    @TempDir private Path folder;
    private CommandShell shell;
    private final List<String> scripts = new ArrayList<>();
    private Path here;
    private Path there;
    private Path module;
    private Path started;
    private String path = "/usr/bin:/bin";

    /// The shell that the host has.
    List<String> command(Path own) throws IOException {
        return List.of("env", "FORMWORK_TEST=" + own, "sh", "-s");
    }

    @BeforeEach
    void make() throws IOException {
        shell = new CommandShell(command(Files.createDirectories(folder.resolve("own"))));
        here = Files.createDirectories(folder.resolve("here"));
        there = folder.resolve("there");
        module = Files.createDirectories(here.resolve("modules/m"));
        started = folder.resolve("started");
        Files.writeString(module.resolve("module.yaml"), "kind: Task\n");
    }

    @AfterEach
    void endAll() {
        shell.close();
        FolderProcesses.end(folder);
    }

    private Host host(HostShell way) throws IOException {
        return Host.reach(way, new Random(), () -> {});
    }

    /// Remembers what was sent to start something.
    private HostAnswer recorded(String script) throws IOException {
        if (script.contains("\nstart '")) {
            scripts.add(script);
        }
        return shell.run(script);
    }

    private HostSite site(Host host, int tries) {
        return new HostSite(host, here, here.resolve("modules"), there, tries);
    }

    private JobFolder prepared(Job job) throws IOException {
        JobFolder made = JobFolder.of(here.resolve("jobs"), job);
        made.create();
        Files.writeString(made.command("run"), "echo x >>'%s'".formatted(started));
        return made;
    }

    private Map<String, String> environment() {
        return Map.of("FORMWORK_OUTPUTS", there.toString(), "PATH", path);
    }

    private void start(HostSite site, JobFolder made, Job job) throws Exception {
        site.start(made, job, module, environment(), new Signal());
    }

    private static void awaitExit(HostSite site, JobFolder made, Job job) throws IOException {
        while (JobExit.read(made.exit()).isEmpty()) {
            site.find(made, job.id());
        }
    }

    @Test
    void aScriptThatComesWhenTheJobIsOverStartsNothing() throws Exception {
        Host host = host(this::recorded);
        Journal journal = Journal.open(host, there.resolve("journal"));
        HostSite site = site(host, 500);
        Job job = TestJobs.shell("j-1", "true").job();
        JobFolder made = prepared(job);
        journal.write(new Held(job, host.bootId(), null, null));
        start(site, made, job);
        awaitExit(site, made, job);
        assertThat(started).hasContent("x");
        assertThat(shell.run(scripts.getFirst()).status()).as("it runs still").isZero();

        journal.write(new Over(job.id(), 1, 1, null, host.bootId(), Instant.EPOCH));
        site.delete(made);

        assertThat(shell.run(scripts.getFirst()).status()).isEqualTo(NOT_STARTED);
        assertThat(there.resolve("jobs/j-1.1")).doesNotExist();
        Job newer = TestJobs.shell("j-1", "true").token(2).job();
        journal.write(new Held(newer, host.bootId(), null, null));
        assertThat(shell.run(scripts.getFirst()).status()).isEqualTo(NOT_STARTED);
        assertThat(started).hasContent("x");
    }

    @Test
    void aScriptThatComesWhenTheJobWasSaidNotToHaveStartedStartsNothing() throws Exception {
        Host host = host(this::recorded);
        Journal journal = Journal.open(host, there.resolve("journal"));
        Job job = TestJobs.shell("j-1", "true").job();
        JobFolder made = prepared(job);
        journal.write(new Held(job, host.bootId(), null, null));

        site(host, 500).forbid(made, job.id());
        assertThat(made.claimed()).isEmpty();

        JobFolder again = prepared(job);
        assertThatExceptionOfType(JobFailureException.class)
                .isThrownBy(() -> start(site(host, 500), again, job))
                .withMessageContaining("ended before it began");
        assertThat(started).doesNotExist();
    }

    @Test
    void whatWasStartedAfterAllIsFoundWhenItIsForbidden() throws Exception {
        Host host = host(this::recorded);
        Journal journal = Journal.open(host, there.resolve("journal"));
        Job job = TestJobs.shell("j-1", "true").job();
        JobFolder made = prepared(job);
        journal.write(new Held(job, host.bootId(), null, null));
        start(site(host, 500), made, job);
        made.delete();

        HostSite next = site(host, 500);
        next.forbid(made, job.id());

        assertThat(made.claimed()).isPresent();
        awaitExit(next, made, job);
    }

    @Test
    void aWrapperThatDoesNotAnswerIsEnded() throws Exception {
        Path slow = Files.createDirectories(folder.resolve("slow"));
        Files.writeString(
                slow.resolve("setsid"),
                "#!/bin/sh\necho $$ >'%s'\nexec sleep 1000\n".formatted(folder.resolve("pid")));
        Files.setPosixFilePermissions(
                slow.resolve("setsid"), PosixFilePermissions.fromString("rwx------"));
        path = slow + ":" + path;
        Host host = host(this::recorded);
        Job job = TestJobs.shell("j-1", "true").job();
        Journal.open(host, there.resolve("journal"))
                .write(new Held(job, host.bootId(), null, null));

        assertThatExceptionOfType(JobFailureException.class)
                .isThrownBy(() -> start(site(host, 20), prepared(job), job))
                .satisfies(e -> assertThat(e.code()).isEqualTo("agent.start-failed"))
                .withMessageContaining("does not answer");

        long wrapper = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        ProcessHandle.of(wrapper).ifPresent(process -> process.onExit().join());
    }

    @Test
    void aProcessWhoseNameHasSeveralLinesIsEndedToo() throws Exception {
        Host host = host(shell);
        HostSite site = site(host, 500);
        Job job = TestJobs.shell("j-1", "true").job();
        JobFolder made = prepared(job);
        Path pid = folder.resolve("pid");
        Files.writeString(
                made.command("run"),
                """
                name=$(printf '%%s/one\nby\none' '%1$s')
                cp /bin/sleep "$name"
                "$name" 1000 &
                echo $! >'%2$s.new' && mv '%2$s.new' '%2$s'
                wait
                """
                        .formatted(folder, pid));
        Journal.open(host, there.resolve("journal"))
                .write(new Held(job, host.bootId(), null, null));
        start(site, made, job);
        while (!Files.exists(pid)) {
            site.find(made, job.id());
        }
        long named = Long.parseLong(Files.readString(pid).strip());
        ProcessHandle process = ProcessHandle.of(named).orElseThrow();

        site.session(made, made.claimed().orElseThrow(), job.id(), true).signal(true);

        assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void jobsThatNeedOneModuleAtOnceAllHaveIt() throws Exception {
        Host host = host(shell);
        Journal journal = Journal.open(host, there.resolve("journal"));
        HostSite site = site(host, 500);
        // Of several exchanges with the host.
        for (int i = 0; i < 4; i++) {
            Files.write(module.resolve("large-" + i), new byte[400_000]);
        }
        List<Future<?>> starts = new ArrayList<>();
        try (ExecutorService callers =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("caller-", 0).factory())) {
            for (int i = 0; i < 4; i++) {
                Job job = TestJobs.shell("j-" + i, "true").job();
                journal.write(new Held(job, host.bootId(), null, null));
                JobFolder made = prepared(job);
                starts.add(
                        callers.submit(() -> {
                            start(site, made, job);
                            awaitExit(site, made, job);
                            return job;
                        }));
            }
            for (Future<?> each : starts) {
                each.get();
            }
        }

        assertThat(Files.readAllLines(started, StandardCharsets.UTF_8)).hasSize(4);
        try (var modules = Files.list(there.resolve("modules"))) {
            assertThat(modules).containsExactly(there.resolve("modules/m"));
        }
    }

    @Test
    void bringsManyOutputsThatAreTooMuchForOneAnswer() throws Exception {
        Host host = host(shell);
        HostSite site = site(host, 500);
        TestJobs many = TestJobs.shell("j-1", "true");
        for (int i = 0; i < 20; i++) {
            many.output("out" + i, "string");
        }
        Job job = many.job();
        JobFolder made = prepared(job);
        Path outputs = Files.createDirectories(made.on(site).outputs());
        for (int i = 0; i < 20; i++) {
            Files.writeString(outputs.resolve("out" + i), ("" + i % 10).repeat(60_000));
        }

        site.collect(made, job);

        for (int i = 0; i < 20; i++) {
            assertThat(made.outputs().resolve("out" + i)).hasContent(("" + i % 10).repeat(60_000));
        }
    }
}
