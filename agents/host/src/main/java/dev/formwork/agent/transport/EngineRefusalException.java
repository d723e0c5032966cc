package dev.formwork.agent.transport;

import dev.formwork.agent.protocol.ProblemAnswer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Serial;
import java.util.OptionalLong;

/// The engine answered, and the answer is no.
public final class EngineRefusalException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable String code;
    private final @Nullable Long next;

    public EngineRefusalException(int status, ProblemAnswer problem) {
        super(status + " " + problem.code() + ": " + problem.detail());
        this.status = status;
        this.code = problem.code();
        this.next = problem.next();
    }

    /// The agent is not who it says, or no longer known.
    public boolean isUnauthorised() {
        return status == 401;
    }

    /// The job is another's by now, or nobody's: whatever is left of it has to go.
    public boolean endsTheJob() {
        return status == 404 || ProblemAnswer.FENCED.equals(code);
    }

    /// The same again would be refused again.
    public boolean isAboutTheContent() {
        return status == 400 || status == 413 || status == 422;
    }

    /// What is asked for does not exist.
    public boolean isNotFound() {
        return status == 404;
    }

    /// With a gap in a log: the offset that the engine wants.
    public OptionalLong wantedOffset() {
        return ProblemAnswer.LOG_GAP.equals(code) && next != null
                ? OptionalLong.of(next)
                : OptionalLong.empty();
    }
}
