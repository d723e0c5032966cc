package dev.formwork.provider.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.formwork.model.MachineId;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.host.MachineRecord.Phase;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

class MachineFilesTest {
    private static final MachineRecord RECORD =
            new MachineRecord(
                    1,
                    Phase.READY,
                    "m-1@0123456789abcdef",
                    "m-1",
                    "demo-members-0",
                    "e-1",
                    "t-1",
                    "127.64.0.1",
                    Instant.parse("2026-01-02T03:04:05.678Z"),
                    Map.of("odd", "\" \\ \u0007 \uD83D\uDE80"));

    @Test
    void aRecordComesBackAsItWas() {
        assertThat(MachineRecord.parse(RECORD.json())).isEqualTo(RECORD);
    }

    @Property(tries = 200)
    void aRecordThatIsCutShortIsRefused(@ForAll int length) {
        byte[] json = RECORD.json();
        byte[] cut = Arrays.copyOf(json, Math.floorMod(length, json.length - 1));

        assertThatException().isThrownBy(() -> MachineRecord.parse(cut));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "{}", "{\"format\":1}", "{\"format\":2}", "\"format\""})
    void whatIsNoRecordIsRefused(String json) {
        assertThatException()
                .isThrownBy(() -> MachineRecord.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Property
    void noReferenceLeadsOutOfTheDirectory(
            @ForAll @CharRange(from = ' ', to = '~') String hostile) {
        if (!hostile.isEmpty() && hostile.length() <= 512) {
            MachineRef.parse(new InstanceRef(hostile))
                    .ifPresent(ref -> assertThat(ref.machine().value()).matches("[A-Za-z0-9-]+"));
        }
    }

    @Test
    void aReferenceIsOfOneTokenAndComesBack() {
        MachineId machine = new MachineId("m-1");
        MachineRef ref = MachineRef.of(machine, new OperationToken("t-1"));

        assertThat(MachineRef.parse(ref.ref())).contains(ref);
        assertThat(MachineRef.of(machine, new OperationToken("t-2"))).isNotEqualTo(ref);
    }

    @Test
    void findsMountsInADirectoryOnly(@TempDir Path directory) throws Exception {
        Path table = directory.resolve("mountinfo");
        Files.writeString(
                table,
                """
                22 1 0:20 / / rw - ext4 /dev/vda rw
                23 22 0:21 / /data/machines/m-1/agent/state/merged\\040one rw - overlay overlay rw
                24 22 0:22 / /data/machines/m-10 rw - tmpfs tmpfs rw
                """);

        assertThat(new MountTable(table).below(Path.of("/data/machines/m-1")))
                .containsExactly("/data/machines/m-1/agent/state/merged one");
        assertThat(MountTable.unescape("a\\134b\\011c\\")).isEqualTo("a\\b\tc\\");
    }

    @Test
    void readsAProcessWhateverItIsCalled(@TempDir Path proc) throws Exception {
        Path process = Files.createDirectory(proc.resolve("42"));
        Files.writeString(
                process.resolve("stat"),
                "42 (a) Z (b) S 7 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987 0 0\n");
        Files.writeString(process.resolve("environ"), "A=1\0B=two words\0");
        Path zombie = Files.createDirectory(proc.resolve("43"));
        Files.writeString(
                zombie.resolve("stat"),
                "43 (x) Z 7 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 988 0 0\n");
        Files.writeString(zombie.resolve("environ"), "");
        Files.createDirectory(proc.resolve("self"));

        ProcessTable.Entry entry = new ProcessTable(proc).find(42).orElseThrow();

        assertThat(entry.parent()).isEqualTo(7);
        assertThat(entry.started()).isEqualTo(987);
        assertThat(entry.has("B=two words")).isTrue();
        assertThat(new ProcessTable(proc).all()).containsExactly(entry);
        assertThat(new ProcessTable(proc).find(43)).isEmpty();
        assertThat(new ProcessTable(proc).find(44)).isEmpty();
    }
}
