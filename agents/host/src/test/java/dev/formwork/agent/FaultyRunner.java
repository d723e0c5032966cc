package dev.formwork.agent;

import dev.formwork.agent.runner.Launch;
import dev.formwork.agent.runner.Runner;

import java.util.List;

/// Runner `test-faulty`, of an agent whose jars were exchanged while it ran.
public final class FaultyRunner implements Runner {
    @Override
    public String name() {
        return "test-faulty";
    }

    @Override
    public List<String> command(Launch launch) {
        throw new NoClassDefFoundError("dev/formwork/agent/Gone");
    }
}
