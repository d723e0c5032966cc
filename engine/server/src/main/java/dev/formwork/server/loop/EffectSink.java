package dev.formwork.server.loop;

import dev.formwork.workflow.engine.Effect;

/// Does what the core asks for, once it is durable. Called in the order of the transitions, by one
/// thread, which it must not hold up: what takes time is done elsewhere.
@FunctionalInterface
public interface EffectSink {
    void perform(Effect effect);
}
