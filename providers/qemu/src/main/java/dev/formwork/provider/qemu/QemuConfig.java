package dev.formwork.provider.qemu;

import dev.formwork.model.Names;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// The configuration of a provider:
///
/// | key | default | |
/// |---|---|---|
/// | `directory` | the data directory | where its machines are |
/// | `network` | `user` | or `bridge` |
/// | `segment` | `10.77.0.0/24` | the machines' own network, in user mode |
/// | `bridge` | | its name, in bridge mode |
/// | `netns` | | the network namespace of the bridge |
/// | `accelerator` | the better one | `kvm` or `tcg` |
/// | `grace_seconds` | 10 | how long a machine has to switch itself off, 0 to 600; 0 does not ask it |
///
/// @param accelerator if one is wanted
record QemuConfig(
        Path directory, Network network, Optional<Accelerator> accelerator, Duration grace) {
    private static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,14}");
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /// @throws dev.formwork.model.ProblemException `provider.invalid-config`, with all that is
    ///   wrong
    static QemuConfig read(ProviderContext context) {
        Settings config = Settings.config(context);
        Path directory =
                config.text("directory")
                        .map(path -> context.dataDirectory().resolve(path).normalize())
                        .orElse(context.dataDirectory());
        if (directory.toString().chars().anyMatch(Character::isISOControl)) {
            config.refuse("data directory", "its path has a control character", "move it");
        }
        if (QemuSocket.isTooLong(directory)) {
            config.refuse(
                    "data directory",
                    "its path is too long for the socket of a machine",
                    "configure a `directory` with a shorter path");
        }
        Network network = network(config);
        Optional<Accelerator> accelerator =
                switch (config.text("accelerator").orElse("auto")) {
                    case "auto" -> Optional.empty();
                    case "kvm" -> Optional.of(Accelerator.KVM);
                    case "tcg" -> Optional.of(Accelerator.TCG);
                    case String other -> {
                        config.refuse("accelerator", other(other), "auto, kvm or tcg");
                        yield Optional.empty();
                    }
                };
        Duration grace = Duration.ofSeconds(config.integer("grace_seconds", 10, 0, 600));
        config.finish();
        return new QemuConfig(directory, network, accelerator, grace);
    }

    private static Network network(Settings config) {
        Optional<String> bridge = config.text("bridge");
        Optional<String> netns = config.text("netns");
        Optional<String> wanted = config.text("segment");
        Segment segment = new Segment(0x0a4d0000, 24);
        if (wanted.isPresent()) {
            Optional<Segment> said = Segment.parse(wanted.get());
            if (said.isEmpty()) {
                config.refuse(
                        "segment",
                        "%s is no network for it".formatted(Names.abbreviate(wanted.get())),
                        "such as 10.77.0.0/24, from /16 to /29, and not 10.0.2.0/24");
            }
            segment = said.orElse(segment);
        }
        String mode = config.text("network").orElse("user");
        switch (mode) {
            case "user" -> {
                if (bridge.isPresent() || netns.isPresent()) {
                    config.refuse("network", "a bridge needs `network: bridge`", "say so");
                }
                return new Network.User(segment);
            }
            case "bridge" -> {
                if (wanted.isPresent()) {
                    config.refuse("segment", "there is none on a bridge", "leave it out");
                }
                named(config, "netns", netns, NAMESPACE);
                if (bridge.isEmpty()) {
                    config.refuse("bridge", "is missing", "name the bridge");
                } else if (named(config, "bridge", bridge, INTERFACE)) {
                    return new Network.Bridge(bridge.get(), netns);
                }
            }
            default -> config.refuse("network", other(mode), "user or bridge");
        }
        return new Network.User(segment);
    }

    private static boolean named(Settings config, String key, Optional<String> name, Pattern form) {
        if (name.isPresent() && !form.matcher(name.get()).matches()) {
            config.refuse(key, other(name.get()), "give its name");
            return false;
        }
        return true;
    }

    private static String other(String said) {
        return "not " + Names.abbreviate(said);
    }
}
