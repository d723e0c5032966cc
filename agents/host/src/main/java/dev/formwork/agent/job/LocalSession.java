package dev.formwork.agent.job;

import dev.formwork.agent.protocol.JobId;

import java.io.IOException;
import java.util.List;

/// The processes of one job on this machine. For one thread.
final class LocalSession implements JobSession {
    private final ProcessTable processes;
    private final ProcessStat leader;
    private final String marker;
    private final boolean sameBoot;

    private LocalSession(ProcessTable processes, ProcessStat leader, JobId job, boolean sameBoot) {
        this.processes = processes;
        this.leader = leader;
        this.marker = "FORMWORK_JOB=" + job;
        this.sameBoot = sameBoot;
    }

    /// @param leader the wrapper, as it was when it started
    static LocalSession of(ProcessTable processes, ProcessStat leader, JobId job) {
        return new LocalSession(processes, leader, job, true);
    }

    /// What carries the mark of a job that was started before the machine's last boot. Ids and
    /// times say nothing then.
    static LocalSession ofEarlierBoot(ProcessTable processes, ProcessStat leader, JobId job) {
        return new LocalSession(processes, leader, job, false);
    }

    @Override
    public void look() {
        // Each question looks for itself.
    }

    @Override
    public boolean isLeaderAlive() {
        return processes
                .process(leader.pid())
                .filter(now -> now.isSameAs(leader) && now.isAlive())
                .isPresent();
    }

    @Override
    public List<ProcessStat> members() throws IOException {
        boolean certain = sameBoot && isLeaderAlive();
        return processes.session(leader.pid()).stream()
                .filter(member -> member.startTicks() >= leader.startTicks())
                .filter(member -> certain || isMarked(member))
                .toList();
    }

    @Override
    public void signal(boolean kill) throws IOException {
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
