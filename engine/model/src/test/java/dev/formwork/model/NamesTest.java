package dev.formwork.model;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.util.List;

class NamesTest {
    private static final List<String> KEYS = List.of("count", "provider", "machines", "with");

    @Test
    void findsTheNearestName() {
        assertThat(Names.nearest("cuont", KEYS)).contains("count");
        assertThat(Names.nearest("machine", KEYS)).contains("machines");
        assertThat(Names.nearest("wiht", KEYS)).contains("with");
    }

    @Test
    void findsNothingThatIsFarOff() {
        assertThat(Names.nearest("zone", KEYS)).isEmpty();
        assertThat(Names.nearest("", KEYS)).isEmpty();
    }

    @Property
    void shortensHostileText(@ForAll String text) {
        assertThat(Names.abbreviate(text)).hasSizeLessThanOrEqualTo(80);
        assertThat(Names.abbreviate(text).chars()).noneMatch(c -> c < 0x20 || c == 0x7f);
        Names.nearest(text, KEYS);
    }
}
