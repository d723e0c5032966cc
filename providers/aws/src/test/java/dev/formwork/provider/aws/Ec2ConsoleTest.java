package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.aws.Ec2Console.Window;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class Ec2ConsoleTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void laysLaterWindowsWhereTheyFit() {
        Window first = new Window(0, bytes("abcdef"));

        assertThat(first.followedBy(bytes("abcdefgh")).start()).isZero();
        assertThat(first.followedBy(bytes("defghi")).start()).isEqualTo(3);
        assertThat(first.followedBy(bytes("xyz")).start()).as("all is new").isEqualTo(6);
        assertThat(first.followedBy(bytes("")).start()).isEqualTo(6);
        assertThat(new Window(0, bytes("")).followedBy(bytes("abc")).start()).isZero();
    }

    @Test
    void readsFromAnyOffset() {
        Window window = new Window(10, bytes("abcdef"));

        assertThat(window.read(0, 3).text()).isEqualTo("abc");
        assertThat(window.read(0, 3).offset()).isEqualTo(10);
        assertThat(window.read(14, 100).text()).isEqualTo("ef");
        assertThat(window.read(99, 3).offset()).isEqualTo(16);
        assertThat(window.read(99, 3).bytes().remaining()).isZero();
    }

    /// Against the definition, tried length by length.
    @Property
    void theOverlapIsTheLongest(
            @ForAll @Size(max = 40) byte[] raw, @ForAll @Size(max = 40) byte[] other) {
        byte[] earlier = few(raw);
        byte[] later = few(other);
        int longest = 0;
        for (int n = 1; n <= Math.min(earlier.length, later.length); n++) {
            if (Arrays.equals(earlier, earlier.length - n, earlier.length, later, 0, n)) {
                longest = n;
            }
        }
        assertThat(Window.overlap(earlier, later)).isEqualTo(longest);
    }

    /// Of two letters, so that there is something to find.
    private static byte[] few(byte[] bytes) {
        byte[] few = bytes.clone();
        for (int i = 0; i < few.length; i++) {
            few[i] = (byte) (few[i] & 1);
        }
        return few;
    }
}
