package dev.formwork.server;

import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.tck.InMemoryCloud;

import java.time.Clock;

/// Provider `memory`, found as every provider is; a test looks into its cloud.
public final class CloudFactory implements ProviderFactory {
    /// One for all engines of this JVM: they don't see each other's machines.
    public static final InMemoryCloud CLOUD = new InMemoryCloud(Clock.systemUTC());

    @Override
    public String type() {
        return "memory";
    }

    @Override
    public Provider open(ProviderContext context) {
        return CLOUD.open(context.name(), context.engine());
    }
}
