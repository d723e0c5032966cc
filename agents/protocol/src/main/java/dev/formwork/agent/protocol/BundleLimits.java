package dev.formwork.agent.protocol;

/// How large a module may be.
///
/// @param files at most
/// @param bytes of all files together, unpacked
public record BundleLimits(int files, long bytes) {
    /// Far above what modules of scripts and templates need.
    public static final BundleLimits STANDARD = new BundleLimits(10_000, 256L << 20);

    public BundleLimits {
        if (files < 1 || bytes < 1) {
            throw new IllegalArgumentException("a bundle's limits are at least 1");
        }
    }

    void check(int fileCount, long byteCount) {
        if (fileCount > files) {
            throw tooLarge("more than " + files + " files");
        }
        if (byteCount > bytes) {
            throw tooLarge("more than " + bytes + " bytes");
        }
    }

    private static ProtocolException tooLarge(String what) {
        return new ProtocolException(
                "module.too-large", "the module has " + what, "keep large files out of modules");
    }
}
