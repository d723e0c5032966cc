package dev.formwork.provider.aws;

import dev.formwork.model.Names;
import dev.formwork.provider.Settings;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a group asks for: its `machine:`, as docs/providers.md lists it.
///
/// @param type such as `t3.micro`
/// @param subnets one of which it is in; where there are none, the default one of its zone
/// @param zones one of which it is in; only without subnets
/// @param groups security groups, by id or name
/// @param key the name of a key pair that is there
/// @param profile an instance profile, by name or ARN
/// @param disks beside the root's
/// @param tags of the instance and its disks, beside our own
/// @param publicAddress empty where the subnet says
/// @param hopLimit over how many hops the metadata service answers; 2 lets containers ask it
/// @param java the path of a Java 25 on the image
record MachineSpec(
        ImageChoice image,
        String type,
        List<String> subnets,
        List<String> zones,
        List<String> groups,
        Optional<String> key,
        Optional<String> profile,
        Disk root,
        List<Disk> disks,
        Optional<Spot> spot,
        Map<String, String> tags,
        Optional<Boolean> publicAddress,
        boolean monitoring,
        int hopLimit,
        Optional<String> java) {

    private static final int MOST_DISKS = 8;

    /// Labels may be 32, and our own marks are 5.
    private static final int MOST_TAGS = Marks.MOST_TAGS - 32 - 5;

    MachineSpec {
        subnets = List.copyOf(subnets);
        zones = List.copyOf(zones);
        groups = List.copyOf(groups);
        disks = List.copyOf(disks);
        tags = Map.copyOf(tags);
    }

    /// Which image it boots.
    sealed interface ImageChoice {
        record ById(String id) implements ImageChoice {}

        /// The newest of those.
        ///
        /// @param owner an account's number, or `self`, `amazon`, `aws-marketplace`
        /// @param name with `*` and `?`
        /// @param architecture as EC2 calls it: `x86_64`, `arm64`
        record ByName(String owner, String name, Optional<String> architecture)
                implements ImageChoice {}

        /// The one that a parameter of Systems Manager says.
        record ByParameter(String name) implements ImageChoice {}
    }

    /// @param gigabytes in GiB; empty for the image's own
    /// @param type such as `gp3`; empty for the image's own, or EC2's default
    record Disk(Optional<Integer> gigabytes, Optional<String> type, boolean encrypted) {
        static final Disk OF_THE_IMAGE = new Disk(Optional.empty(), Optional.empty(), false);
    }

    /// @param maxPrice in dollars an hour; empty for that of an instance on demand
    record Spot(Optional<String> maxPrice) {}

    /// @throws dev.formwork.model.ProblemException `provider.invalid-spec` with all that is wrong
    static MachineSpec read(Settings settings) {
        return new Reader(settings).read();
    }

    private static final class Reader {
        private static final Pattern IMAGE = Pattern.compile("ami-[0-9a-f]{8}([0-9a-f]{9})?");
        private static final Pattern OWNER = Pattern.compile("\\d{12}|self|amazon|aws-marketplace");
        private static final Pattern PRICE = Pattern.compile("\\d{1,6}(\\.\\d{1,6})?");
        private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4})([GT])");

        private final Settings settings;

        Reader(Settings settings) {
            this.settings = settings;
        }

        MachineSpec read() {
            MachineSpec spec =
                    new MachineSpec(
                            image(),
                            required(settings, "type", "an instance type, such as t3.micro"),
                            settings.texts("subnets", List.of()),
                            settings.texts("zones", List.of()),
                            settings.texts("security_groups", List.of()),
                            settings.text("key"),
                            settings.text("profile"),
                            root(),
                            disks(),
                            spot(),
                            tags(),
                            settings.flag("public_address"),
                            settings.flag("monitoring").orElse(false),
                            (int) settings.integer("hop_limit", 1, 1, 64),
                            settings.text("java"));
            if (!spec.subnets().isEmpty() && !spec.zones().isEmpty()) {
                settings.refuse("zones", "a subnet has its zone", "subnets or zones, not both");
            }
            settings.finish();
            return spec;
        }

        private static String required(Settings settings, String key, String hint) {
            Optional<String> text = settings.text(key);
            if (text.isEmpty()) {
                settings.refuse(key, "missing", hint);
            }
            return text.orElse("");
        }

        private ImageChoice image() {
            String hint = "an id, {owner: ..., name: ...} or {parameter: ...}";
            if (!settings.hasPart("image")) {
                String id = required(settings, "image", hint);
                return new ImageChoice.ById(matching(settings, "image", IMAGE, id, hint));
            }
            Settings image = settings.part("image").orElseThrow();
            Optional<String> parameter = image.text("parameter");
            Optional<String> name = image.text("name");
            if (parameter.isPresent() == name.isPresent()) {
                settings.refuse("image", "name or parameter, one of them", hint);
            }
            Optional<String> owner = image.text("owner");
            Optional<String> architecture = image.text("architecture");
            if (parameter.isPresent()) {
                if (owner.isPresent() || architecture.isPresent()) {
                    settings.refuse("image", "a parameter says which one", hint);
                }
                return new ImageChoice.ByParameter(parameter.get());
            }
            if (owner.isEmpty()) {
                // Anybody may publish an image of any name.
                image.refuse("owner", "missing", "an account's number, self or amazon");
            }
            owner.ifPresent(it ->
                    matching(image, "owner", OWNER, it, "an account's number, self or amazon"));
            return new ImageChoice.ByName(owner.orElse(""), name.orElse(""), architecture);
        }

        private Disk root() {
            if (settings.hasPart("disk")) {
                return disk(settings.part("disk").orElseThrow());
            }
            return settings.text("disk")
                    .map(size ->
                            new Disk(gigabytes(settings, "disk", size), Optional.empty(), false))
                    .orElse(Disk.OF_THE_IMAGE);
        }

        private List<Disk> disks() {
            List<Disk> disks = new ArrayList<>();
            for (Settings each : settings.parts("disks")) {
                Disk disk = disk(each);
                if (disk.gigabytes().isEmpty()) {
                    each.refuse("size", "missing", "such as 20G");
                }
                disks.add(disk);
            }
            if (disks.size() > MOST_DISKS) {
                settings.refuse("disks", "too many", "at most " + MOST_DISKS);
            }
            return disks;
        }

        private static Disk disk(Settings part) {
            return new Disk(
                    part.text("size").flatMap(size -> gigabytes(part, "size", size)),
                    part.text("type"),
                    part.flag("encrypted").orElse(false));
        }

        private static Optional<Integer> gigabytes(Settings part, String key, String size) {
            var parts = SIZE.matcher(size);
            if (!parts.matches()) {
                part.refuse(key, "no size: " + Names.abbreviate(size), "such as 20G or 1T");
                return Optional.empty();
            }
            int number = Integer.parseInt(parts.group(1));
            return Optional.of(parts.group(2).equals("T") ? number * 1024 : number);
        }

        private Optional<Spot> spot() {
            if (!settings.hasPart("spot")) {
                return settings.flag("spot")
                        .filter(yes -> yes)
                        .map(_ -> new Spot(Optional.empty()));
            }
            Map<String, String> spot = settings.labels("spot");
            @Nullable String price = spot.get("max_price");
            if (spot.size() != 1 || price == null) {
                settings.refuse("spot", "unknown keys", "true, or {max_price: 0.05}");
                return Optional.empty();
            }
            matching(settings, "spot", PRICE, price, "dollars an hour, such as 0.05");
            return Optional.of(new Spot(Optional.of(price)));
        }

        private Map<String, String> tags() {
            Map<String, String> tags = settings.labels("tags");
            if (tags.size() > MOST_TAGS) {
                settings.refuse("tags", "too many", "at most " + MOST_TAGS);
            }
            tags.forEach((key, value) -> {
                boolean reserved = key.startsWith("aws:") || key.startsWith(Marks.PREFIX);
                boolean tooLong =
                        key.codePointCount(0, key.length()) > 128
                                || value.codePointCount(0, value.length()) > 256;
                if (key.isEmpty() || reserved || tooLong) {
                    settings.refuse(
                            "tags",
                            "cannot be set: " + Names.abbreviate(key),
                            "keys of 1 to 128 characters, not aws: or %s; values of up to 256"
                                    .formatted(Marks.PREFIX));
                }
            });
            return tags;
        }

        private static String matching(
                Settings part, String key, Pattern form, String value, String hint) {
            if (!value.isEmpty() && !form.matcher(value).matches()) {
                part.refuse(key, "cannot be " + Names.abbreviate(value), hint);
            }
            return value;
        }
    }
}
