package dev.formwork.agent.job;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Turns what is known of a job's end into its report.
final class Verdict {
    private static final int LONGEST_REQUEST = 64;

    private final Job job;
    private final String bootId;

    Verdict(Job job, String bootId) {
        this.job = job;
        this.bootId = bootId;
    }

    /// The script or the check ended by itself.
    ///
    /// @param diskFull whether the disk was seen to be full meanwhile
    Report ended(JobExit exit, JobFolder folder, long logBytes, boolean diskFull)
            throws IOException, JobFailureException {
        if (exit.check()) {
            return checked(exit.code(), folder, logBytes, Reason.read(folder, "check", job));
        }
        if (exit.code() != 0) {
            Optional<Reason> reason = Reason.read(folder, "run", job);
            if (reason.isPresent() && reason.get().unknown()) {
                return without(
                        Outcome.INTERRUPTED, reason.get().code(), reason.get().detail(), logBytes);
            }
            return report(
                    Outcome.FAILED,
                    exit.code(),
                    diskFull ? "agent.disk-full" : reason.map(Reason::code).orElse(null),
                    reason.map(Reason::detail).orElse("the script ended with " + exit.code()),
                    Map.of(),
                    logBytes);
        }
        Outcome outcome = requested(folder.request());
        boolean isFinal = outcome == Outcome.SUCCEEDED || outcome == Outcome.POWER_OFF;
        return report(
                outcome,
                0,
                null,
                null,
                isFinal && job.mode() != JobMode.UNDO ? outputs(folder, true) : Map.of(),
                logBytes);
    }

    /// It was ended, or vanished, or could not be.
    Report without(Outcome outcome, @Nullable String code, @Nullable String detail, long logBytes) {
        return report(outcome, null, code, detail, Map.of(), logBytes);
    }

    private Report checked(int code, JobFolder folder, long logBytes, Optional<Reason> reason)
            throws IOException, JobFailureException {
        return switch (code) {
            case 0 ->
                    report(
                            Outcome.HOLDS,
                            0,
                            null,
                            null,
                            outputs(folder, job.mode() == JobMode.CHECK_THEN_RUN),
                            logBytes);
            // What executed it may say what would change.
            case 1 ->
                    report(
                            Outcome.DOES_NOT_HOLD,
                            1,
                            null,
                            reason.map(Reason::detail).orElse(null),
                            Map.of(),
                            logBytes);
            default ->
                    report(
                            Outcome.CHECK_UNKNOWN,
                            code,
                            reason.map(Reason::code).orElse(null),
                            reason.map(Reason::detail)
                                    .orElse(
                                            "the check ended with "
                                                    + code
                                                    + ", which is no answer"),
                            Map.of(),
                            logBytes);
        };
    }

    private Map<String, JsonNode> outputs(JobFolder folder, boolean all)
            throws IOException, JobFailureException {
        return Outputs.read(folder.outputs(), job.outputs(), job.limits().outputBytes(), all);
    }

    private static Outcome requested(Path file) throws IOException, JobFailureException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Outcome.SUCCEEDED;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new JobFailureException(
                    "agent.request-invalid", "$FORMWORK_REQUEST is not a plain file");
        }
        String request;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            request = new String(in.readNBytes(LONGEST_REQUEST), StandardCharsets.UTF_8).strip();
        }
        return switch (request) {
            case "" -> Outcome.SUCCEEDED;
            case "reboot" -> Outcome.REBOOT;
            case "incomplete" -> Outcome.INCOMPLETE;
            case "power-off" -> Outcome.POWER_OFF;
            default ->
                    throw new JobFailureException(
                            "agent.request-invalid",
                            "$FORMWORK_REQUEST holds none of reboot, incomplete, power-off");
        };
    }

    private Report report(
            Outcome outcome,
            @Nullable Integer exitCode,
            @Nullable String code,
            @Nullable String detail,
            Map<String, JsonNode> outputs,
            long logBytes) {
        return new Report(
                job.token(),
                job.phase(),
                outcome,
                exitCode,
                code,
                detail,
                outputs,
                job.logOffset() + logBytes,
                bootId);
    }
}
