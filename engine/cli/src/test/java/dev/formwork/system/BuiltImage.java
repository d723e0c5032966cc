package dev.formwork.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The container OS of this checkout, built once for all tests.
final class BuiltImage {
    private BuiltImage() {}

    /// Its directory, with `kernel` and `initrd`.
    static synchronized Path directory() throws IOException {
        Path home = Files.createDirectories(Checkout.cache().resolve("container-os"));
        Path image = home.resolve("image");
        CliProcess.run(0, home, home, "image", "build", "--out", image.toString());
        return image;
    }
}
