package dev.formwork.provider.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.provider.OperationToken;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

class MarkTest {
    private static Mark mark(Map<String, String> labels) {
        return new Mark(
                new EngineId("engine-one"),
                new MachineId("m-1"),
                new OperationToken("token-1"),
                "demo-members-0",
                labels);
    }

    @Test
    void putsALabelIntoKeysThatNovaTakes() {
        assertThat(mark(Map.of("formwork/cluster", "demo")).metadata())
                .containsEntry("label:formwork:cluster", "demo")
                .containsEntry(Mark.ENGINE, "engine-one");
    }

    @Property
    void readsAnyLabelBack(@ForAll String value) {
        Mark mark = mark(Map.of("formwork/odd", value, "plain", "x"));
        assertThat(Mark.parse(mark.metadata())).contains(mark);
    }

    /// What MySQL's `utf8` holds, and Nova: three bytes to a character, 255 characters.
    @Property
    void saysNothingThatNovaCannotHold(@ForAll String value) {
        mark(Map.of("formwork/odd", value.repeat(3)))
                .metadata()
                .forEach((key, each) -> {
                    assertThat(key).matches("[a-zA-Z0-9-_:. ]{1,255}");
                    assertThat(each.length()).isLessThanOrEqualTo(255);
                    assertThat(each.chars()).noneMatch(c -> c >= 0xd800 && c < 0xe000);
                });
    }

    @Test
    void aChangedMarkIsNobodys() {
        for (String key : new String[] {Mark.ENGINE, Mark.MACHINE, Mark.TOKEN, Mark.NAME}) {
            Map<String, String> metadata = new HashMap<>(mark(Map.of()).metadata());
            metadata.put(key, "not / one");
            assertThat(Mark.parse(metadata)).as(key).isEmpty();
            metadata.remove(key);
            assertThat(Mark.parse(metadata)).as(key).isEmpty();
        }
    }

    @Test
    void theLongestNameFitsIntoADescription() {
        ServerName longest =
                ServerName.of(
                        "a".repeat(63),
                        new MachineId("M".repeat(128)),
                        new OperationToken("t".repeat(64)));
        assertThat(Tags.floating(new EngineId("e".repeat(128)), longest)).hasSizeLessThan(256);
        assertThat(ServerName.parse(longest.toString())).contains(longest);
    }
}
