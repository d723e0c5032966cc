package dev.formwork.server;

import dev.formwork.server.loop.SteppedCore;
import dev.formwork.workflow.engine.EngineCore;
import dev.formwork.workflow.engine.EngineParts;
import dev.formwork.workflow.store.Store;

import java.time.Instant;

/// Where the core comes from: rebuilt from the store, or a test's.
@FunctionalInterface
interface CoreLoader {
    CoreLoader STORED = (store, parts, now) -> SteppedCore.of(EngineCore.load(store, parts, now));

    SteppedCore load(Store store, EngineParts parts, Instant now);
}
