package dev.formwork.model.yaml;

import java.util.Arrays;

/// Which paths a pack or a module may hold: they become files on machines, whoever sent them.
final class ModulePaths {
    static final String HINT = "parts with / between, without .., at most 255 characters";

    private static final int MAX_LENGTH = 255;

    private ModulePaths() {}

    /// Relative, `/` between, no empty part, no `.` or `..`, and nothing that another platform
    /// would read as a separator, a drive or a control character.
    static boolean isSafe(String path) {
        return !path.isEmpty()
                && path.length() <= MAX_LENGTH
                && path.chars().noneMatch(c -> c < 0x20 || c == 0x7f || c == '\\' || c == ':')
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }
}
