package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.Console;
import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What [Console] promises, for a provider that offers [InstanceLifecycle] too.
public interface ConsoleContract extends ProviderContract {
    int KEPT = 256 * 1024;
    int MOST = 64 * 1024;

    /// Has the machine print this, and returns when it has.
    void print(InstanceRef ref, byte[] text);

    @Test
    default void readsWhatWasPrintedFromAnyOffsetOn() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            Console console = provider.capability(Console.class);
            long start = all(console, ref).end();

            byte[] printed = bytes("one\r\ntwo\r\n\0\u00ff\u001b[m");
            print(ref, Arrays.copyOf(printed, 10));
            print(ref, Arrays.copyOfRange(printed, 10, printed.length));

            ConsoleText text = console.read(ref, start, MOST);
            assertThat(text.offset()).isEqualTo(start);
            assertThat(console.read(ref, start, MOST)).isEqualTo(text);
            String otherwise = bench().deviations().get(Promise.EVERY_BYTE_OF_A_CONSOLE);
            if (otherwise != null) {
                assertThat(bytes(text)).as(otherwise).isNotEqualTo(printed);
                assertThat(text.text()).contains("one", "two");
            } else {
                assertThat(bytes(text)).isEqualTo(printed);
                assertThat(console.read(ref, start + 5, 3).text()).isEqualTo("two");
            }
        }
    }

    @Test
    default void whatIsNotPrintedYetIsEmpty() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            Console console = provider.capability(Console.class);
            long end = all(console, ref).end();

            assertThat(console.read(ref, end, MOST)).isEqualTo(console.read(ref, end + 1000, MOST));
            assertThat(console.read(ref, end + 1000, MOST).end()).isEqualTo(end);
            assertThat(console.read(ref, end + 1000, MOST).bytes().remaining()).isZero();
        }
    }

    @Test
    default void keepsTheLastOfMuchThatWasPrinted() {
        InstanceRef ref;
        long start;
        byte[] line = bytes("0123456789abcde\n".repeat(1024));
        try (Provider provider = bench().open(ENGINE)) {
            ref = made(provider);
            start = all(provider.capability(Console.class), ref).end();
            for (int printed = 0; printed < 8 * KEPT; printed += line.length) {
                print(ref, line);
            }
        }
        try (Provider reopened = bench().open(ENGINE)) {
            Console console = reopened.capability(Console.class);
            ConsoleText oldest = console.read(ref, start, 16);
            ConsoleText last = all(console, ref);

            String otherwise = bench().deviations().get(Promise.OFFSETS_OF_A_CONSOLE);
            if (otherwise != null) {
                assertThat(last.end()).as(otherwise).isLessThan(start + 8 * KEPT);
            } else {
                assertThat(oldest.offset()).as("what is kept is bounded").isGreaterThan(start);
                assertThat(last.end()).isEqualTo(start + 8 * KEPT);
                assertThat(last.end() - oldest.offset()).isGreaterThanOrEqualTo(KEPT);
            }
            assertThat(console.read(ref, last.end() - 32, MOST).text())
                    .isEqualTo("0123456789abcde\n0123456789abcde\n");
        }
    }

    @Test
    default void readsNothingThatIsNotOurs() {
        try (Provider ours = bench().open(ENGINE);
                Provider theirs = bench().open(OTHER_ENGINE)) {
            Console console = ours.capability(Console.class);

            for (InstanceRef ref :
                    new InstanceRef[] {made(theirs), new InstanceRef("no-such-instance")}) {
                assertRefused(ProviderCode.NOT_FOUND, () -> console.read(ref, 0, MOST));
            }
        }
    }

    /// The last answer of those that lead to the end.
    private static ConsoleText all(Console console, InstanceRef ref) {
        ConsoleText text = console.read(ref, 0, MOST);
        while (text.bytes().hasRemaining()) {
            text = console.read(ref, text.end(), MOST);
        }
        return text;
    }

    private static byte[] bytes(ConsoleText text) {
        byte[] bytes = new byte[text.bytes().remaining()];
        text.bytes().duplicate().get(bytes);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private InstanceRef made(Provider provider) {
        return provider.capability(InstanceLifecycle.class).create(anyToken(), anyRequest()).ref();
    }
}
