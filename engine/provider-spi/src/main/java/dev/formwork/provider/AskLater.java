package dev.formwork.provider;

import dev.formwork.model.ProblemException;

import java.time.Duration;

/// A place's refusal that says when to ask again, such as an HTTP answer with `Retry-After` (RFC
/// 9110, section 10.2.3). Only for what is called by [Retries], which throws the problem where it
/// gives up.
public final class AskLater extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ProblemException problem;
    private final transient Duration after;

    /// @param problem a transient one, see [ProviderCode#isTransient]
    /// @param after how long the place asks to be left alone
    public AskLater(ProblemException problem, Duration after) {
        super(problem);
        this.problem = problem;
        this.after = after;
    }

    ProblemException problem() {
        return problem;
    }

    Duration after() {
        return after;
    }
}
