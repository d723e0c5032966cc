package dev.formwork.agent.protocol;

import java.util.Arrays;

/// The paths that a module's files may have: relative, with `/`, no empty part, no `.` and no `..`,
/// no backslash and no control character, at most 512 characters. What passes stays below the
/// folder it is resolved against, on every file system.
public final class BundlePath {
    private static final int LONGEST = 512;

    private BundlePath() {}

    /// @throws ProtocolException `module.unsafe-path`
    public static void require(String path) {
        if (!isSafe(path)) {
            throw new ProtocolException(
                    "module.unsafe-path",
                    "a module can't have a file called " + printable(path),
                    "use a relative path with /, without . and ..");
        }
    }

    static boolean isSafe(String path) {
        return !path.isEmpty()
                && path.length() <= LONGEST
                && path.chars().noneMatch(BundlePath::isForbidden)
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part ->
                                part.isEmpty()
                                        || part.equals(".")
                                        || part.equals("..")
                                        || part.length() > 255);
    }

    private static boolean isForbidden(int character) {
        return character == '\\'
                || Character.isISOControl(character)
                || Character.isSurrogate((char) character);
    }

    private static String printable(String path) {
        String shown = path.length() <= 80 ? path : path.substring(0, 77) + "...";
        return "\"" + shown.replaceAll("\\p{Cntrl}", "?") + "\"";
    }
}
