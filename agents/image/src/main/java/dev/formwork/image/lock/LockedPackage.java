package dev.formwork.image.lock;

import java.util.regex.Pattern;

/// One package, named so that only these bytes can be meant.
///
/// @param path where it is in an archive of the distribution, such as
///   `pool/main/c/crun/crun_1.8.1-1_amd64.deb`
/// @param sha256 64 hexadecimal digits
/// @param size in bytes
public record LockedPackage(
        String name, String version, String architecture, String path, String sha256, long size) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]+");
    private static final Pattern VERSION = Pattern.compile("[0-9][A-Za-z0-9.+:~-]*");
    private static final Pattern ARCHITECTURE = Pattern.compile("[a-z0-9-]+");
    private static final Pattern PATH = Pattern.compile("pool/[A-Za-z0-9.+:~_/-]+\\.deb");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    public LockedPackage {
        check(NAME, name);
        check(VERSION, version);
        check(ARCHITECTURE, architecture);
        check(PATH, path);
        check(DIGEST, sha256);
        if (size < 1) {
            throw new IllegalArgumentException("a size of " + size);
        }
    }

    private static void check(Pattern pattern, String text) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("not as it should be: " + text);
        }
    }
}
