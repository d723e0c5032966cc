package dev.formwork.agent.job;

import java.io.IOException;
import java.util.List;

/// The processes of one job: those in the session that its wrapper leads. A process that left the
/// session, as daemons do, is no longer of the job. For one thread.
interface JobSession {
    /// Has what is asked next be of now, and the files of the job's folder with it: those of
    /// [JobFolder#claim()], [JobFolder#exit()] and [JobFolder#log()].
    void look() throws IOException;

    boolean isLeaderAlive();

    /// Living members. A session's id is not given away while it has members. When the leader is
    /// gone, and perhaps all members with it, the id may be another's by now: then only those count
    /// that carry the job's mark in their environment, or have none.
    List<ProcessStat> members() throws IOException;

    /// Sends TERM, or KILL, to every member.
    void signal(boolean kill) throws IOException;
}
