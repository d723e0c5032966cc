package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/// What the scripts of a job are executed in, where its runner is `container`.
///
/// @param image what a registry has, such as `docker.io/library/alpine@sha256:...`; null where
///   there is an archive
/// @param archive where the image comes in one file
/// @param allowTags whether the image may be named without its digest
/// @param command what executes a script, whose path is added to it; empty for what the first line
///   of the script says
/// @param network `host` or `none`
/// @param mounts what the container sees of the machine
public record ContainerSpec(
        @Nullable String image,
        @Nullable Archive archive,
        boolean allowTags,
        List<String> command,
        String network,
        List<Mount> mounts) {
    public ContainerSpec {
        command = command == null ? List.of() : List.copyOf(command);
        network = network == null ? "host" : network;
        mounts = mounts == null ? List.of() : List.copyOf(mounts);
        if ((image == null) == (archive == null)) {
            throw new IllegalArgumentException("a container has an image or an archive");
        }
        if (!network.equals("host") && !network.equals("none")) {
            throw new IllegalArgumentException("a container's network is host or none");
        }
    }

    /// An OCI image layout in a tar archive.
    ///
    /// @param url http or https
    /// @param sha256 of the file, 64 hexadecimal digits
    public record Archive(String url, String sha256) {
        public Archive {
            Objects.requireNonNull(url, "url");
            Objects.requireNonNull(sha256, "sha256");
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("sha256 has 64 hexadecimal digits");
            }
        }
    }

    /// @param path of the machine
    /// @param at where the container sees it
    public record Mount(String path, String at, boolean readOnly) {
        public Mount {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(at, "at");
            if (!path.startsWith("/") || !at.startsWith("/")) {
                throw new IllegalArgumentException("what is mounted has whole paths");
            }
        }
    }
}
