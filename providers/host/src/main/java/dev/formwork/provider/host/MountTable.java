package dev.formwork.provider.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The mount points of the host, from `/proc/self/mountinfo` (proc(5)).
///
/// @param file the table
public record MountTable(Path file) {
    private static final int MOUNT_POINT = 4;

    /// Those in a directory; nothing may be removed through them, as they lead elsewhere.
    public List<String> below(Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.split(" ", -1);
            if (fields.length > MOUNT_POINT) {
                String point = unescape(fields[MOUNT_POINT]);
                if (Path.of(point).startsWith(directory)) {
                    found.add(point);
                }
            }
        }
        return found;
    }

    /// Blanks, tabs, line ends and backslashes are written in octal: `\040`.
    static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.substring(i).matches("(?s)\\\\[0-3][0-7]{2}.*")) {
                plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }
}
