package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;

import java.util.List;

/// What [AgentSupervision] promises, for a provider that offers [InstanceLifecycle] too.
public interface AgentSupervisionContract extends ProviderContract {
    /// Ends the agent of an instance without the provider, as a crash of the agent does, and
    /// returns when it is gone.
    void crashAgent(InstanceRef ref);

    @Test
    default void theAgentOfANewInstanceRuns() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);

            assertThat(provider.capability(AgentSupervision.class).agentRunning(ref)).isTrue();
        }
    }

    @Test
    default void seesThatAnAgentIsGoneAndStartsItAgain() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            AgentSupervision supervision = provider.capability(AgentSupervision.class);

            crashAgent(ref);
            assertThat(supervision.agentRunning(ref)).isFalse();
            assertThat(provider.capability(InstanceLifecycle.class).find(ref)).isPresent();

            supervision.restartAgent(ref);
            assertThat(supervision.agentRunning(ref)).isTrue();
        }
    }

    @Test
    default void restartsAnAgentThatRuns() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            AgentSupervision supervision = provider.capability(AgentSupervision.class);

            supervision.restartAgent(ref);
            supervision.restartAgent(ref);

            assertThat(supervision.agentRunning(ref)).isTrue();
        }
    }

    @Test
    default void anAgentThatAnotherEngineTakesUpRunsOn() {
        try (Provider here = bench().open(ENGINE);
                Provider there = bench().open(ENGINE)) {
            InstanceRef ref = made(here);

            for (Provider each : List.of(there, there, here)) {
                AgentSupervision supervision = each.capability(AgentSupervision.class);
                supervision.takeUpAgent(ref);
                assertThat(supervision.agentRunning(ref)).isTrue();
            }
        }
    }

    @Test
    default void supervisesNothingThatIsNotOurs() {
        try (Provider ours = bench().open(ENGINE);
                Provider theirs = bench().open(OTHER_ENGINE)) {
            AgentSupervision supervision = ours.capability(AgentSupervision.class);

            for (InstanceRef ref :
                    new InstanceRef[] {made(theirs), new InstanceRef("no-such-instance")}) {
                assertRefused(ProviderCode.NOT_FOUND, () -> supervision.agentRunning(ref));
                assertRefused(ProviderCode.NOT_FOUND, () -> supervision.restartAgent(ref));
            }
        }
    }

    private InstanceRef made(Provider provider) {
        return provider.capability(InstanceLifecycle.class).create(anyToken(), anyRequest()).ref();
    }
}
