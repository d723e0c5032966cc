package dev.formwork.image;

import dev.formwork.image.disk.Digests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// An image that was built.
///
/// @param kernel the file to boot
/// @param initrd the file that the kernel gets as its first root
/// @param kernelVersion such as `6.1.0-56-amd64`
public record Image(Path kernel, Path initrd, String kernelVersion) {
    /// What a machine transfers to boot, in bytes.
    public long size() throws IOException {
        return Files.size(kernel) + Files.size(initrd);
    }

    /// SHA-256 of the kernel.
    public String kernelDigest() throws IOException {
        return Digests.sha256(kernel);
    }

    /// SHA-256 of the initrd.
    public String initrdDigest() throws IOException {
        return Digests.sha256(initrd);
    }
}
