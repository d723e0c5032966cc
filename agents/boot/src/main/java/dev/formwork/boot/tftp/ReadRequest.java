package dev.formwork.boot.tftp;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/// The first packet of a client: a file, and the options that it wishes.
///
/// @param file hostile text
/// @param options by name in small letters; the first of a name counts
record ReadRequest(String file, Map<String, String> options) {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int MOST_OPTIONS = 16;

    /// What octets turned out to be.
    sealed interface Parsed {
        record Right(ReadRequest request) implements Parsed {}

        record Wrong(TftpError error, String reason) implements Parsed {}
    }

    static Parsed parse(byte[] octets, int length) {
        if (length < 4 || octets[0] != 0) {
            return new Parsed.Wrong(TftpError.ILLEGAL, "not a request");
        }
        if (octets[1] == WRITE) {
            return new Parsed.Wrong(TftpError.ACCESS, "this server is read only");
        }
        if (octets[1] != READ || octets[length - 1] != 0) {
            return new Parsed.Wrong(TftpError.ILLEGAL, "not a request");
        }
        String[] parts =
                new String(octets, 2, length - 3, StandardCharsets.ISO_8859_1).split("\0", -1);
        if (parts.length < 2 || parts.length > 2 + 2 * MOST_OPTIONS) {
            return new Parsed.Wrong(TftpError.ILLEGAL, "not a request");
        }
        if (!parts[1].equalsIgnoreCase("octet")) {
            return new Parsed.Wrong(TftpError.ILLEGAL, "mode octet only");
        }
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 2; i + 1 < parts.length; i += 2) {
            options.putIfAbsent(parts[i].toLowerCase(Locale.ROOT), parts[i + 1]);
        }
        return new Parsed.Right(new ReadRequest(parts[0], options));
    }

    /// The value of an option where it is a number within bounds.
    OptionalInt number(String option, int least, int most) {
        String text = options.getOrDefault(option, "");
        if (!text.matches("[0-9]{1,9}")) {
            return OptionalInt.empty();
        }
        int value = Integer.parseInt(text);
        return value >= least && value <= most ? OptionalInt.of(value) : OptionalInt.empty();
    }
}
