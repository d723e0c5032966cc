package dev.formwork.model.module;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the scripts of a task are executed in, where its runner is `container`.
///
/// @param image what a registry has; empty where there is an archive
/// @param archive an OCI image layout in a tar file
/// @param allowTags whether the image may be named without its digest
/// @param command what executes a script, whose path is added to it; empty for what the first line
///   of the script says
public record Container(
        Optional<String> image,
        Optional<Download> archive,
        boolean allowTags,
        List<String> command,
        Network network,
        List<Mount> mounts) {
    /// The runner that uses it.
    public static final String RUNNER = "container";

    /// A registry, a path, a tag, a digest: `docker.io/library/alpine:3.20@sha256:...`. A registry
    /// is spoken to by https, unless the image begins with `http://`.
    public static final Pattern IMAGE =
            Pattern.compile(
                    "(http://)?[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+"
                            + "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?");

    /// A whole path, that leads through no `..`.
    public static final Pattern PATH = Pattern.compile("(/(?!\\.\\.?(/|$))[^/\\x00-\\x1f]+)+");

    public Container {
        command = List.copyOf(command);
        mounts = List.copyOf(mounts);
    }

    /// Whether the image is named by its digest.
    public boolean isPinned() {
        return image.map(name -> name.contains("@sha256:")).orElse(true);
    }

    /// @param path of the machine
    /// @param at where the container sees it
    public record Mount(String path, String at, boolean readOnly) {}

    public enum Network {
        /// The machine's.
        HOST,
        /// None but its own loopback.
        NONE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static List<String> words() {
            return Arrays.stream(values()).map(Network::word).toList();
        }

        public static Optional<Network> ofWord(String word) {
            return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
        }
    }
}
