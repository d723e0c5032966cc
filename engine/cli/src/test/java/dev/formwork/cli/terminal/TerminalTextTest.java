package dev.formwork.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class TerminalTextTest {
    @Test
    void writesNamesInRanges() {
        assertThat(NameRanges.of(List.of("a-0", "a-1", "a-2", "a-7", "engine", "b-3")))
                .isEqualTo("engine, a-[0-2,7], b-3");
        assertThat(NameRanges.of(List.of("a-0", "a-1"))).isEqualTo("a-[0,1]");
        assertThat(NameRanges.of(List.of("rack1-07", "rack1-08"))).isEqualTo("rack1-0[7,8]");
    }

    @Property
    void wrapsWithoutLosingAWord(
            @ForAll String text, @ForAll @IntRange(min = 1, max = 99) int width) {
        assertThat(words(String.join("\n", Printable.wrap(text, width)))).isEqualTo(words(text));
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("[ \n]+")).filter(word -> !word.isEmpty()).toList();
    }

    @Property
    void printsNoControlCharacter(@ForAll String text) {
        assertThat(Printable.line(text).chars().filter(c -> c != '\t'))
                .noneMatch(Character::isISOControl);
    }

    @Test
    void obeysNoEscapeSequence() {
        assertThat(Printable.line("a\u001b[2Jb\u202ec")).isEqualTo("a?[2Jb?c");
    }

    @Test
    void alignsColumnsAndCutsTheLast() {
        Table table = new Table("NAME", "SUMMARY");
        table.row("a", "0123456789012345678901234567890123456789");
        table.row("longer", "x");
        assertThat(table.lines(new Style(false), 20))
                .containsExactly("NAME    SUMMARY", "a       01234567890~", "longer  x");
    }

    @Test
    void saysTimesInShort() {
        assertThat(Times.lasted(Duration.ofMillis(449))).isEqualTo("0.4 s");
        assertThat(Times.lasted(Duration.ofSeconds(12))).isEqualTo("12 s");
        assertThat(Times.lasted(Duration.ofSeconds(185))).isEqualTo("3:05");
        assertThat(Times.clock(Duration.ofSeconds(3725))).isEqualTo("1:02:05");
        Instant now = Instant.parse("2026-11-21T10:00:00Z");
        assertThat(Times.ago(now.minusSeconds(90), now)).isEqualTo("90 s ago");
        assertThat(Times.ago(now.minus(Duration.ofDays(3)), now)).isEqualTo("3 days ago");
    }

    @Test
    void looksForItselfWhereNoLauncherDid() {
        assertThat(Terminal.detect(Map.of(), false).width()).isEqualTo(80);
    }

    @Test
    void takesTheTerminalFromTheLauncher() {
        Terminal terminal =
                Terminal.detect(
                        Map.of("FORMWORK_TTY", "01", "COLUMNS", "120", "TERM", "xterm"), false);
        assertThat(terminal).isEqualTo(new Terminal(true, true, 120, true));
        assertThat(Terminal.detect(Map.of("FORMWORK_TTY", "", "TERM", "xterm"), false))
                .isEqualTo(new Terminal(false, false, 80, false));
        assertThat(
                        Terminal.detect(
                                        Map.of(
                                                "FORMWORK_TTY",
                                                "1",
                                                "TERM",
                                                "xterm",
                                                "NO_COLOR",
                                                "1"),
                                        false)
                                .colour())
                .isFalse();
    }
}
