package dev.formwork.boot.content;

import java.util.Optional;

/// Paths as firmware sends them, made one: relative, with slashes, never leaving its root.
public final class ContentPath {
    private static final int LONGEST = 512;

    private ContentPath() {}

    /// The path without what firmware puts before it or has instead of slashes; empty where it is
    /// none, or would leave the root.
    public static Optional<String> of(String sent) {
        if (sent.length() > LONGEST) {
            return Optional.empty();
        }
        String path = sent.replace('\\', '/');
        while (path.startsWith("/")) {
            path = path.substring(1);
        }
        for (String part : path.split("/", -1)) {
            boolean isName =
                    !part.isEmpty()
                            && !part.equals(".")
                            && !part.equals("..")
                            && part.chars().allMatch(ContentPath::isPlain);
            if (!isName) {
                return Optional.empty();
            }
        }
        return Optional.of(path);
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "._-+=@~:,".indexOf(c) >= 0;
    }
}
