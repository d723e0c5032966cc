package dev.formwork.provider.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class MarkTest {
    private static final Mark MARK =
            Mark.of(
                    new EngineId("e-1"),
                    new OperationToken("t-1"),
                    new InstanceRequest(
                            new MachineId("m-1"),
                            "demo-0",
                            new BootToken("not-in-the-mark"),
                            Map.of("odd", "' \" $(id) \\ é", "empty", ""),
                            Value.Struct.EMPTY),
                    "0123",
                    "host-0",
                    Instant.parse("2026-11-28T12:00:00.123Z"));

    @Test
    void isReadAsItWasWritten() {
        assertThat(Mark.parse(MARK.lines())).isEqualTo(MARK);
        assertThat(MARK.lines()).noneMatch(line -> line.contains("not-in-the-mark"));
        assertThat(MARK.lines()).allMatch(line -> line.matches("[A-Za-z0-9@:.+/= -]+"));
    }

    @Test
    void refusesAReferenceThatIsNotOfItsMachineAndToken() {
        List<String> lines = new ArrayList<>(MARK.lines());
        lines.replaceAll(line -> line.startsWith("token ") ? "token t-2" : line);

        assertThatIllegalArgumentException().isThrownBy(() -> Mark.parse(lines));
    }

    @Test
    void refusesWhatItDidNotWrite() {
        for (int without = 0; without < 9; without++) {
            List<String> lines = new ArrayList<>(MARK.lines());
            lines.remove(without);
            assertThatIllegalArgumentException().isThrownBy(() -> Mark.parse(lines));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mark.parse(List.of("formwork 2", "engine e-1")));
    }
}
