package dev.formwork.provider.qemu;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes of memory and disks, as people write them: `512M`, `2G`, `1T`, in powers of 1024.
final class Sizes {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,6})([MGT])");

    private Sizes() {}

    /// In bytes; empty where it is no size.
    static Optional<Long> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int shift =
                switch (parts.group(2)) {
                    case "M" -> 20;
                    case "G" -> 30;
                    default -> 40;
                };
        return Optional.of(Long.parseLong(parts.group(1)) << shift);
    }
}
