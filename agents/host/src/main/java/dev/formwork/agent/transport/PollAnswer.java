package dev.formwork.agent.transport;

import dev.formwork.agent.protocol.Cancel;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/// What a poll brought. Each job is read by itself, so that one that this version can't read does
/// not keep the others from running.
///
/// @param unreadable jobs to be reported as failed
/// @param engines where the engines say they are
public record PollAnswer(
        List<Job> jobs, List<UnreadableJob> unreadable, List<Cancel> cancel, List<String> engines) {
    /// @param reason for people
    public record UnreadableJob(JobId job, long token, int phase, String reason) {}

    /// @throws ProtocolException `protocol.malformed`
    static PollAnswer read(byte[] json) {
        JsonNode tree = ProtocolJson.readTree(json);
        List<Job> jobs = new ArrayList<>();
        List<UnreadableJob> unreadable = new ArrayList<>();
        List<Cancel> cancel = new ArrayList<>();
        for (JsonNode job : tree.path("jobs")) {
            try {
                jobs.add(ProtocolJson.convert(job, Job.class));
            } catch (ProtocolException e) {
                unreadable.add(unreadable(job, e));
            }
        }
        for (JsonNode one : tree.path("cancel")) {
            cancel.add(ProtocolJson.convert(one, Cancel.class));
        }
        List<String> engines = new ArrayList<>();
        for (JsonNode engine : tree.path("engines")) {
            if (engine.isString()) {
                engines.add(engine.asString());
            }
        }
        return new PollAnswer(
                List.copyOf(jobs),
                List.copyOf(unreadable),
                List.copyOf(cancel),
                List.copyOf(engines));
    }

    private static UnreadableJob unreadable(JsonNode job, ProtocolException reason) {
        return new UnreadableJob(
                ProtocolJson.convert(job.path("id"), JobId.class),
                job.path("token").asLong(0),
                job.path("phase").asInt(1),
                reason.detail());
    }
}
