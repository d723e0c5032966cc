package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.JobId;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// Sessions of real processes.
final class LocalSessionIT {
    private static final JobId JOB = new JobId("j-session");

    private final ProcessTable processes = ProcessTable.ofThisMachine();

    @Test
    void findsWhatTheLeaderLeftBehindAndEndsIt() throws Exception {
        Process leader = start("FORMWORK_JOB=j-session sleep 1000 & sleep 1000");
        try {
            ProcessStat stat = awaitChildren(leader, 2);
            leader.destroyForcibly().waitFor();
            LocalSession session = LocalSession.of(processes, stat, JOB);

            assertThat(session.isLeaderAlive()).isFalse();
            // Only the one with the mark: the session's id could be another's by now.
            assertThat(session.members()).hasSize(1);

            ProcessHandle marked =
                    ProcessHandle.of(session.members().getFirst().pid()).orElseThrow();
            session.signal(true);
            marked.onExit().get(10, TimeUnit.SECONDS);
        } finally {
            end(leader.pid());
        }
    }

    @Test
    void takesAnotherProcessWithTheSameIdForAnother() throws Exception {
        Process leader = start("sleep 1000");
        try {
            ProcessStat now = awaitChildren(leader, 1);
            ProcessStat before =
                    new ProcessStat(now.pid(), 'S', now.session(), now.startTicks() - 500);

            assertThat(LocalSession.of(processes, now, JOB).isLeaderAlive()).isTrue();
            assertThat(LocalSession.of(processes, before, JOB).isLeaderAlive()).isFalse();
            assertThat(LocalSession.of(processes, before, JOB).members()).isEmpty();
            assertThat(LocalSession.ofEarlierBoot(processes, now, JOB).members()).isEmpty();
        } finally {
            end(leader.pid());
        }
    }

    private static Process start(String script) throws IOException {
        return new ProcessBuilder("setsid", "sh", "-c", script + "; true").start();
    }

    private ProcessStat awaitChildren(Process leader, int count) throws Exception {
        for (int i = 0; i < 500; i++) {
            if (processes.session(leader.pid()).size() > count) {
                return processes.process(leader.pid()).orElseThrow();
            }
            leader.waitFor(10, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("no children");
    }

    private void end(long session) throws IOException {
        for (ProcessStat member : processes.session(session)) {
            ProcessHandle.of(member.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
