package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

final class LogWindowTest {
    @Test
    void passesALogThatFitsAndAddsNothing() {
        LogWindow window = new LogWindow(5);

        assertThat(window.accept(bytes("12345"))).isEqualTo(5);
        assertThat(window.isCut()).isFalse();
        assertThat(window.closing()).isEmpty();
    }

    @Test
    void cutsAtTheQuotaAndSaysHowMuchIsMissing() {
        LogWindow window = new LogWindow(5);

        assertThat(window.accept(bytes("1234"))).isEqualTo(4);
        assertThat(window.accept(bytes("5678"))).isEqualTo(1);
        assertThat(window.accept(bytes("9"))).isZero();
        window.drop(100);

        assertThat(new String(window.closing(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "\n[formwork: the log is cut here; about 104 more bytes were dropped]\n");
    }

    @Test
    void startsTheLastLineOnALineOfItsOwnOnce() {
        LogWindow window = new LogWindow(2);
        window.accept(bytes("1\n2"));

        assertThat(new String(window.closing(), StandardCharsets.UTF_8)).startsWith("[formwork");
    }

    @Test
    void cutsNoCharacterInTwo() {
        LogWindow window = new LogWindow(5);

        assertThat(window.accept(bytes("123\u65e5"))).isEqualTo(3);
        assertThat(window.dropped()).isEqualTo(3);
    }

    @Test
    void goesOnAfterACutByAnotherProcess() {
        LogWindow window = LogWindow.cutBefore(5, 7);

        assertThat(window.accept(bytes("abc"))).isZero();
        assertThat(window.dropped()).isEqualTo(10);
    }

    @Property
    void losesNoByteUncounted(
            @ForAll @Size(max = 8) List<@Size(max = 20) String> chunks,
            @ForAll @IntRange(max = 60) int quota) {
        LogWindow window = new LogWindow(quota);
        long all = 0;
        long passed = 0;
        for (String chunk : chunks) {
            byte[] bytes = bytes(chunk);
            all += bytes.length;
            passed += window.accept(bytes);
        }

        assertThat(passed).isLessThanOrEqualTo(quota);
        assertThat(passed + window.dropped()).isEqualTo(all);
        assertThat(window.isCut()).isEqualTo(all > quota);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
