package dev.formwork.server.loop;

import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.Transition;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// What waits for the core's thread.
sealed interface Request {
    /// Its caller hears that it won't be done.
    void fail(Throwable why);

    record Step(Input input, CompletableFuture<Reply> answer) implements Request {
        @Override
        public void fail(Throwable why) {
            answer.completeExceptionally(why);
        }
    }

    /// What reads the store, once everything before it is durable.
    record Settled(Function<Instant, Transition> transition, CompletableFuture<Reply> answer)
            implements Request {
        @Override
        public void fail(Throwable why) {
            answer.completeExceptionally(why);
        }
    }

    record Question<T>(Function<SteppedCore, T> ask, CompletableFuture<T> answer)
            implements Request {
        @Override
        public void fail(Throwable why) {
            answer.completeExceptionally(why);
        }
    }
}
