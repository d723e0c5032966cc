package dev.formwork.bench.lifecycle;

import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.tck.InMemoryCloud;

/// Opens provider `memory`, found as every provider is: a cloud of its own for each engine, whose
/// machines call the engine when they are made.
public final class MemoryFactory implements ProviderFactory {
    @Override
    public String type() {
        return "memory";
    }

    @Override
    public Provider open(ProviderContext context) {
        FirstCalls calls = new FirstCalls(context.engineUrl());
        return new InMemoryCloud(context.clock(), calls::begin)
                .open(context.name(), context.engine());
    }
}
