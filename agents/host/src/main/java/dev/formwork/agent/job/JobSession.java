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
    private final boolean sameBoot;

    private JobSession(ProcessTable processes, ProcessStat leader, JobId job, boolean sameBoot) {
        this.processes = processes;
        this.leader = leader;
        this.marker = "FORMWORK_JOB=" + job;
        this.sameBoot = sameBoot;
    }

    /// @param leader the wrapper, as it was when it started
    static JobSession of(ProcessTable processes, ProcessStat leader, JobId job) {
        return new JobSession(processes, leader, job, true);
    }

    /// What carries the mark of a job that was started before the machine's last boot. Ids and
    /// times say nothing then.
    static JobSession ofEarlierBoot(ProcessTable processes, ProcessStat leader, JobId job) {
        return new JobSession(processes, leader, job, false);
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
        boolean certain = sameBoot && isLeaderAlive();
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
        boolean none = sameBoot && environment.isEmpty();
        return none || ("\0" + environment).contains("\0" + marker + "\0");
    }
}
