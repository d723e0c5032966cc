package dev.formwork.agent.container;

import dev.formwork.agent.container.ImageJson.Descriptor;
import dev.formwork.agent.container.ImageJson.Manifest;
import dev.formwork.agent.container.ImageJson.Platform;
import dev.formwork.agent.runner.RunnerException;

import java.util.List;

/// The machine that an image is for: Linux, on an architecture as the OCI calls it.
record Target(String architecture) {
    private static final int MOST_LAYERS = 128;

    /// This machine.
    static Target here() {
        String architecture = System.getProperty("os.arch", "");
        return new Target(architecture.equals("aarch64") ? "arm64" : architecture);
    }

    /// The image for this platform. One that does not say what it is for is for any.
    ///
    /// @throws RunnerException `agent.image-invalid` where there is none
    Descriptor choose(List<Descriptor> manifests) throws RunnerException {
        for (Descriptor each : manifests) {
            Platform platform = each.platform();
            if (platform == null
                    || ("linux".equals(platform.os())
                            && architecture.equals(platform.architecture()))) {
                return each;
            }
        }
        throw Blobs.invalid("there is none for linux/" + architecture);
    }

    /// The layers of an image.
    ///
    /// @throws RunnerException `agent.image-invalid` where it is none
    List<Descriptor> layers(Manifest image) throws RunnerException {
        if (image.layers().isEmpty() || image.layers().size() > MOST_LAYERS) {
            throw Blobs.invalid("it has " + image.layers().size() + " layers");
        }
        return image.layers();
    }
}
