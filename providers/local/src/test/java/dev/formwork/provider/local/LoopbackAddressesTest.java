package dev.formwork.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

class LoopbackAddressesTest {
    private static final EngineId ENGINE = new EngineId("e-1");

    @Property
    void staysAwayFromWhatHostsUseThemselves(
            @ForAll @AlphaChars @StringLength(min = 1, max = 40) String engine,
            @ForAll @AlphaChars @StringLength(min = 1, max = 40) String machine) {
        String[] octets =
                LoopbackAddresses.choose(
                                new EngineId(engine), "local", new MachineId(machine), Set.of())
                        .split("\\.", -1);

        assertThat(octets).hasSize(4);
        assertThat(octets[0]).isEqualTo("127");
        assertThat(Integer.parseInt(octets[1])).isBetween(64, 127);
        assertThat(Integer.parseInt(octets[2])).isBetween(0, 255);
        assertThat(Integer.parseInt(octets[3])).isBetween(1, 254);
    }

    @Test
    void givesEachAddressOnceAndThenRefuses() {
        Set<String> taken = new HashSet<>();
        MachineId machine = new MachineId("m-1");
        for (int i = 0; i < 256 * 254; i++) {
            if (i < 100 || i > 256 * 254 - 3) {
                assertThat(taken.add(LoopbackAddresses.choose(ENGINE, "local", machine, taken)))
                        .isTrue();
            } else {
                taken.add(next(taken, machine, i));
            }
        }
        assertThat(taken).hasSize(256 * 254);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> LoopbackAddresses.choose(ENGINE, "local", machine, taken))
                .satisfies(e -> assertThat(e.code()).isEqualTo("provider.quota"));
    }

    /// As the search goes: the one after the last, without the search.
    private static String next(Set<String> taken, MachineId machine, int index) {
        String[] first =
                LoopbackAddresses.choose(ENGINE, "local", machine, Set.of()).split("\\.", -1);
        int start = Integer.parseInt(first[2]) * 254 + Integer.parseInt(first[3]) - 1;
        int place = (start + index) % (256 * 254);
        assertThat(taken).hasSize(index);
        return "127.%s.%d.%d".formatted(first[1], place / 254, place % 254 + 1);
    }
}
