package dev.formwork.agent.job;

import dev.formwork.agent.protocol.JobId;

import java.io.IOException;
import java.util.List;

/// The processes of one job: those in the session that its wrapper leads. A process that left the
/// session, as daemons do, is no longer of the job. For one thread.
final class JobSession {
    private final ProcessTable processes;
    private final ProcessStat leader;
    private final String marker;

    /// @param leader the wrapper, as it was when it started
    JobSession(ProcessTable processes, ProcessStat leader, JobId job) {
        this.processes = processes;
        this.leader = leader;
        this.marker = "FORMWORK_JOB=" + job;
    }

    boolean isLeaderAlive() {
        return processes
                .process(leader.pid())
                .filter(now -> now.isSameAs(leader) && now.isAlive())
                .isPresent();
    }

    /// Living members. A session's id is not given away while it has members. When the leader is
    /// gone, and perhaps all members with it, the id may be another's by now: then only those count
    /// that carry the job's mark in their environment, or have none.
    List<ProcessStat> members() throws IOException {
        boolean certain = isLeaderAlive();
        return processes.session(leader.pid()).stream()
                .filter(member -> member.startTicks() >= leader.startTicks())
                .filter(member -> certain || isMarked(member))
                .toList();
    }

    /// Sends TERM, or KILL, to every member.
    void signal(boolean kill) throws IOException {
        for (ProcessStat member : members()) {
            ProcessHandle.of(member.pid())
                    .ifPresent(handle -> {
                        if (kill) {
                            handle.destroyForcibly();
                        } else {
                            handle.destroy();
                        }
                    });
        }
    }

    private boolean isMarked(ProcessStat member) {
        String environment = processes.environment(member.pid());
        return environment.isEmpty() || ("\0" + environment).contains("\0" + marker + "\0");
    }
}
