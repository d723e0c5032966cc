package dev.formwork.boot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Map;

final class ReadRequestTest {
    private static final byte[] REQUEST =
            "\0\1pxe/undionly.kpxe\0octet\0tsize\0000\0blksize\0001468\0"
                    .getBytes(StandardCharsets.US_ASCII);

    @Test
    void readsWhatFirmwareAsksFor() {
        assertThat(ReadRequest.parse(REQUEST, REQUEST.length))
                .isEqualTo(
                        new ReadRequest.Parsed.Right(
                                new ReadRequest(
                                        "pxe/undionly.kpxe",
                                        Map.of("tsize", "0", "blksize", "1468"))));
    }

    @Property(tries = 2000)
    void readsAnyOctetsWithoutAnException(@ForAll @Size(max = 600) byte[] noise) {
        assertThat(ReadRequest.parse(noise, noise.length)).isNotNull();
    }

    /// Noise alone is hardly ever a request: damage one that is right.
    @Property(tries = 2000)
    void readsDamagedRequestsWithoutAnException(
            @ForAll @Size(max = 5) Map<Integer, Byte> damage,
            @ForAll @IntRange(max = 60) int length) {
        byte[] octets = REQUEST.clone();
        damage.forEach((at, value) -> octets[Math.floorMod(at, octets.length)] = value);

        switch (ReadRequest.parse(octets, Math.min(length, octets.length))) {
            case ReadRequest.Parsed.Wrong(_, String reason) ->
                    assertThat(reason).doesNotContainPattern("[^ -~]");
            case ReadRequest.Parsed.Right(ReadRequest request) -> {
                assertThat(request.options()).hasSizeLessThanOrEqualTo(16);
                request.number("blksize", 8, 65464)
                        .ifPresent(size -> assertThat(size).isBetween(8, 65464));
            }
        }
    }
}
