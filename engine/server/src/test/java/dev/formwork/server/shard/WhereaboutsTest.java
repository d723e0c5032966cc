package dev.formwork.server.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.workflow.store.EngineAddress;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class WhereaboutsTest {
    private static final URI LOCAL = URI.create("http://127.0.0.1:7474");
    private static final URI NEIGHBOUR = URI.create("http://127.0.0.1:7475");
    private static final URI SECURE = URI.create("https://a.example:7443");
    private static final URI FAR = URI.create("https://b.example:7443");

    private final Whereabouts whereabouts = new Whereabouts();

    @Test
    void namesNoEnginesWhereThereIsOne() {
        engines(new EngineAddress(LOCAL, Optional.of(SECURE)));
        assertThat(whereabouts.addresses(false)).isEmpty();
        assertThat(whereabouts.addresses(true)).isEmpty();
    }

    @Test
    void namesAllToAgentsOfThisHostWhereNoneSpeaksTls() {
        engines(EngineAddress.onLoopback(LOCAL), EngineAddress.onLoopback(NEIGHBOUR));
        assertThat(whereabouts.addresses(false)).containsExactly(LOCAL, NEIGHBOUR);
        assertThat(whereabouts.addresses(true)).isEmpty();
    }

    @Test
    void sendsAgentsOfThisHostToEnginesOfOthersByTls() {
        engines(
                new EngineAddress(LOCAL, Optional.of(SECURE)),
                new EngineAddress(LOCAL, Optional.of(FAR)),
                EngineAddress.onLoopback(NEIGHBOUR));
        assertThat(whereabouts.addresses(false)).containsExactly(LOCAL, FAR, NEIGHBOUR);
    }

    @Test
    void givesAgentsThatCallByTlsNoAddressWithout() {
        engines(
                new EngineAddress(LOCAL, Optional.of(SECURE)),
                new EngineAddress(LOCAL, Optional.of(FAR)),
                EngineAddress.onLoopback(NEIGHBOUR));
        assertThat(whereabouts.addresses(true)).containsExactly(SECURE, FAR);
    }

    private void engines(EngineAddress... engines) {
        whereabouts.update(Set.of(), Map.of(), List.of(engines));
    }
}
