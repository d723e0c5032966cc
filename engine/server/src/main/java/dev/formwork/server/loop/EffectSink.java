package dev.formwork.server.loop;

import dev.formwork.workflow.engine.Effect;

/// Does what the core asks for.
@FunctionalInterface
public interface EffectSink {
    /// Called once it is durable, in the order of the transitions, by one thread, which it must not
    /// hold up: what takes time is done elsewhere.
    void perform(Effect effect);

    /// Called by the core's thread as soon as the transition is made, when nothing of it is durable
    /// yet: all that may be done then is to have the core asked again. What comes of that waits for
    /// a commit of its own, and is on its way to the disk together with what it came of.
    default void foresee(Effect effect) {}
}
