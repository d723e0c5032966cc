package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.agent.TestJobs;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Job;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;

/// What happens on this machine to a wrapper that comes late.
class LocalSiteIT {
    private final Job job = TestJobs.shell("j-1", "true").job();
    private final LocalSite site = new LocalSite();

    @TempDir private Path folder;
    private JobFolder made;
    private Path started;

    @BeforeEach
    void make() throws IOException {
        made = JobFolder.of(folder.resolve("jobs"), job);
        started = folder.resolve("started");
    }

    private void prepare() throws IOException {
        made.create();
        Files.writeString(made.command("run"), "echo x >>'%s'".formatted(started));
    }

    private ProcessStat start() throws Exception {
        Map<String, String> environment =
                Map.of("FORMWORK_OUTPUTS", made.outputs().toString(), "PATH", "/usr/bin:/bin");
        return site.start(made, job, folder, environment, new Signal());
    }

    @Test
    void aWrapperThatComesWhenTheJobWasSaidNotToHaveStartedStartsNothing() throws Exception {
        prepare();

        site.forbid(made, job.id());

        assertThat(made.claimed()).isEmpty();
        assertThatExceptionOfType(JobFailureException.class)
                .isThrownBy(this::start)
                .satisfies(e -> assertThat(e.code()).isEqualTo("agent.start-failed"));
        assertThat(started).doesNotExist();
    }

    @Test
    void whatWasStartedAfterAllIsFoundWhenItIsForbidden() throws Exception {
        prepare();
        ProcessStat wrapper = start();

        site.forbid(made, job.id());

        assertThat(made.claimed()).contains(wrapper);
        while (JobExit.read(made.exit()).isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(started).hasContent("x");
    }

    @Test
    void aWrapperThatIsJustMakingItsClaimIsWaitedFor() throws Exception {
        prepare();
        Files.createFile(made.claim());
        FutureTask<Boolean> forbids =
                new FutureTask<>(() -> {
                    site.forbid(made, job.id());
                    return made.claimed().isPresent();
                });
        Thread thread = Thread.ofPlatform().name("forbids").start(forbids);
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        Files.writeString(made.claim(), Files.readString(Path.of("/proc/self/stat")));

        assertThat(forbids.get()).isTrue();
    }

    @Test
    void whereNothingWasPreparedThereIsNothingToForbid() throws Exception {
        site.forbid(made, job.id());

        assertThat(made.exists()).isFalse();
    }
}
