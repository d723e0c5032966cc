package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// A lease as a line of the journal: checksum, address, client, state, milliseconds, host name.
/// Hostile names are hexadecimal, so a line is a line.
public final class LeaseLine {
    private static final Pattern LINE =
            Pattern.compile(
                    "([0-9a-f]{8}) (([0-9.]{7,15}) ((?:[0-9a-f]{2}){1,256})"
                            + " (BOUND|RELEASED|DECLINED) (\\d{1,18}) ((?:[0-9a-f]{2}){0,255}))");

    private LeaseLine() {}

    /// As [#read] reads it: printable ASCII, at most 1,100 characters, without a line end.
    public static String write(Lease lease) {
        String content =
                lease.address()
                        + " "
                        + lease.client().octets()
                        + " "
                        + lease.state()
                        + " "
                        + lease.until().toEpochMilli()
                        + " "
                        + Octets.ofText(lease.hostName());
        return checksum(content) + " " + content;
    }

    /// The lease of a line; nothing where the line is not as it was written.
    public static Optional<Lease> read(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches() || !checksum(parts.group(2)).equals(parts.group(1))) {
            return Optional.empty();
        }
        return Optional.of(
                new Lease(
                        Ipv4.parse(parts.group(3)),
                        new ClientKey(Octets.ofHex(parts.group(4))),
                        Lease.State.valueOf(parts.group(5)),
                        Instant.ofEpochMilli(Long.parseLong(parts.group(6))),
                        Octets.ofHex(parts.group(7)).text()));
    }

    private static String checksum(String content) {
        CRC32C crc = new CRC32C();
        crc.update(content.getBytes(StandardCharsets.US_ASCII));
        return "%08x".formatted(crc.getValue());
    }
}
