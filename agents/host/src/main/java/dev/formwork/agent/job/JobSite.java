package dev.formwork.agent.job;

import dev.formwork.agent.host.Host;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// Where the jobs of a machine are carried out: on this machine, or on a host that is reached by a
/// shell. What is known of a job is in its [JobFolder] here in either case; a site that is
/// elsewhere brings there what a job takes, and brings back what became of it. Thread-safe for
/// different jobs.
public sealed interface JobSite permits LocalSite, HostSite {
    /// This machine.
    static JobSite here() {
        return new LocalSite();
    }

    /// A host that is reached by a shell.
    ///
    /// @param here the agent's folder on this machine
    /// @param modules the folder of modules on this machine, which hosts may share
    /// @param there the machine's folder on the host
    static JobSite on(Host host, Path here, Path modules, Path there) {
        return new HostSite(host, here, modules, there);
    }

    /// What a path below the agent's folder is called where jobs run.
    Path there(Path here);

    /// How long a job that says nothing may stay unobserved.
    Duration quiet();

    /// Has the folder hold what is known of a phase that was started before.
    void find(JobFolder folder, JobId job) throws IOException;

    /// Starts the wrapper of a phase whose folder is complete. Whoever starts a phase, and however
    /// often, it runs once: the wrapper that makes the claim goes on, all others end.
    ///
    /// @param module the module's folder here
    /// @param environment of the job, with the paths of the site
    /// @param ended raised when the wrapper ends, where that is known at once
    /// @return the wrapper that runs the phase
    ProcessStat start(
            JobFolder folder, Job job, Path module, Map<String, String> environment, Signal ended)
            throws IOException, JobFailureException, InterruptedException;

    /// Has a phase that was not started never start: what was sent to start it may come late. Where
    /// it was started after all, the folder has its claim.
    void forbid(JobFolder folder, JobId job) throws IOException, InterruptedException;

    /// The processes of a phase.
    ///
    /// @param sameBoot false for what carries the mark of a job that was started before the
    ///   machine's last boot: ids and times say nothing then
    JobSession session(JobFolder folder, ProcessStat wrapper, JobId job, boolean sameBoot);

    /// Has the folder hold all that a phase left: the whole of its log, outputs, its request.
    void collect(JobFolder folder, Job job) throws IOException;

    /// Removes all of an attempt.
    void delete(JobFolder folder) throws IOException;

    /// Removes what only one phase needed.
    void deletePhase(JobFolder folder) throws IOException;

    /// Removes the folders of attempts with other names than these.
    ///
    /// @param jobs the folder of the jobs' folders
    void deleteOthers(Path jobs, Set<String> wanted) throws IOException;
}
