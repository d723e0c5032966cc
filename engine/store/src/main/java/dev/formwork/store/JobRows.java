package dev.formwork.store;

import dev.formwork.model.JobId;
import dev.formwork.model.RunId;
import dev.formwork.store.json.Records;
import dev.formwork.workflow.run.JobRecord;

import org.jdbi.v3.core.Handle;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Jobs.
final class JobRows {
    private static final Table JOBS =
            new Table(
                    "jobs",
                    List.of("job_id"),
                    List.of("run_id", "state", "token", "created_at", "machine_id", "doc"));

    /// The index is on the state: a list of those that are open finds them among many that are not.
    private static final String OPEN =
            Columns.list(
                    Arrays.stream(JobRecord.State.values())
                            .filter(state -> state != JobRecord.State.CLOSED));

    private static final String NOT_DROPPED =
            " and not exists (select 1 from dropped_runs d where d.run_id = j.run_id)";

    private JobRows() {}

    static Write put(JobRecord job, Records records) {
        return new Write.Put(
                JOBS,
                Columns.row(
                        job.id().value(),
                        job.run().value(),
                        job.state().name(),
                        job.token(),
                        Columns.time(job.createdAt()),
                        job.machine().value(),
                        records.write(job)),
                job.run());
    }

    static List<JobRecord> open(Handle handle, Records records) {
        return handle.createQuery("select doc from jobs j where state in " + OPEN + NOT_DROPPED)
                .mapTo(String.class)
                .map(records::job)
                .list();
    }

    static Optional<JobRecord> job(Handle handle, Records records, JobId job) {
        return handle.createQuery("select doc from jobs j where job_id = :job" + NOT_DROPPED)
                .bind("job", job.value())
                .mapTo(String.class)
                .map(records::job)
                .findOne();
    }

    static List<JobRecord> of(Handle handle, Records records, RunId run) {
        return handle.createQuery(
                        "select doc from jobs j where run_id = :run"
                                + NOT_DROPPED
                                + " order by created_at, token, job_id")
                .bind("run", run.value())
                .mapTo(String.class)
                .map(records::job)
                .list();
    }
}
