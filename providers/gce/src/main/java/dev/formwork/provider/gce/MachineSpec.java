package dev.formwork.provider.gce;

import dev.formwork.model.value.Value;
import dev.formwork.provider.Settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a group's `machine` says. What it leaves out is Google's choice, or the template's.
///
/// @param zones at least one: its machines are spread over them
/// @param template the name of an instance template of the project
/// @param image what the boot disk is made of: a resource below `projects/`
/// @param disks those beside the boot disk
/// @param external whether it has an address that the Internet sees
/// @param spot what becomes of it when Google takes back what it runs on; empty for a machine that
///   Google does not take back
/// @param metadata items of the user's own
/// @param java where the image has a Java for the agent; empty where the engine's is brought
record MachineSpec(
        List<String> zones,
        Optional<String> template,
        Optional<String> machineType,
        Optional<String> image,
        Optional<Disk> bootDisk,
        List<Disk> disks,
        Optional<String> network,
        Optional<String> subnetwork,
        Optional<Boolean> external,
        List<String> tags,
        Optional<Account> account,
        Optional<Preemption> spot,
        Shield shield,
        Map<String, String> metadata,
        Optional<String> java) {
    /// In RFC 1035's form, as names in a project are.
    private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

    private static final Pattern MACHINE_TYPE = Pattern.compile("[a-z][-a-z0-9]{0,62}");
    private static final Pattern PATH =
            Pattern.compile("projects/[a-z0-9:.-]{1,130}(/[a-z][-A-Za-z0-9]{0,62}){2,4}");
    private static final Pattern METADATA = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern EMAIL = Pattern.compile("default|[^@\\s]{1,64}@[^@\\s]{1,190}");
    private static final int MOST_GB = 65536;
    private static final int MOST_DISKS = 127;
    private static final String ALL_OF_CLOUD = "https://www.googleapis.com/auth/cloud-platform";

    /// @param gb its size in GB; the image's where it is empty
    /// @param type such as `pd-ssd`
    record Disk(Optional<Long> gb, Optional<String> type) {}

    /// What a machine may do in the project.
    record Account(String email, List<String> scopes) {
        Account {
            scopes = List.copyOf(scopes);
        }
    }

    /// What becomes of a spot machine that Google takes back.
    enum Preemption {
        STOP,
        DELETE
    }

    /// The options of a shielded VM; on where nothing is said.
    record Shield(
            Optional<Boolean> secureBoot,
            Optional<Boolean> vtpm,
            Optional<Boolean> integrityMonitoring) {
        boolean isSaid() {
            return secureBoot.isPresent() || vtpm.isPresent() || integrityMonitoring.isPresent();
        }
    }

    MachineSpec {
        zones = List.copyOf(zones);
        disks = List.copyOf(disks);
        tags = List.copyOf(tags);
        metadata = Map.copyOf(metadata);
    }

    /// @throws dev.formwork.model.ProblemException `provider.invalid-spec` with all that is wrong
    static MachineSpec read(String provider, Value.Struct struct, GceSettings settings) {
        Settings spec = Settings.spec(provider, struct);
        List<String> zones = GceSettings.zones(spec, settings.zones());
        if (zones.isEmpty()) {
            spec.refuse("zones", "there is none", "name zones here or in the configuration");
        }
        Optional<String> template = named(spec, "template", NAME);
        Optional<String> machineType = named(spec, "machine_type", MACHINE_TYPE);
        Optional<String> image = image(spec);
        Optional<Disk> bootDisk = disk(spec, "boot_disk_gb", "boot_disk_type");
        List<Disk> disks = disks(spec);
        Optional<String> network = nameOrPath(spec, "network");
        Optional<String> subnetwork = nameOrPath(spec, "subnetwork");
        Optional<Boolean> external = spec.flag("external_address");
        List<String> tags = spec.texts("tags", List.of());
        if (!tags.stream().allMatch(tag -> NAME.matcher(tag).matches())) {
            spec.refuse("tags", "not a tag", "lower-case letters, digits and dashes, at most 63");
        }
        Optional<Account> account = account(spec);
        Optional<Preemption> spot = spot(spec);
        Shield shield =
                new Shield(
                        spec.flag("secure_boot"),
                        spec.flag("vtpm"),
                        spec.flag("integrity_monitoring"));
        Map<String, String> metadata = metadata(spec);
        Optional<String> java = spec.text("java");
        if (template.isEmpty() && machineType.isEmpty()) {
            spec.refuse("machine_type", "is missing", "as in e2-small, or name a template");
        }
        if (template.isEmpty() && image.isEmpty()) {
            spec.refuse("image_family", "is missing", "name an image, a family or a template");
        }
        if (image.isEmpty() && bootDisk.isPresent()) {
            spec.refuse("boot_disk_gb", "of a disk of the template", "name the image too");
        }
        if (settings.address() == GceSettings.AddressKind.PUBLIC
                && external.equals(Optional.of(false))) {
            spec.refuse(
                    "external_address",
                    "the provider goes by public addresses",
                    "leave it out, or let the provider have address: private");
        }
        spec.finish();
        return new MachineSpec(
                zones,
                template,
                machineType,
                image,
                bootDisk,
                disks,
                network,
                subnetwork,
                external,
                tags,
                account,
                spot,
                shield,
                metadata,
                java);
    }

    private static Optional<String> named(Settings spec, String key, Pattern form) {
        Optional<String> name = spec.text(key);
        if (name.isPresent() && !form.matcher(name.get()).matches()) {
            spec.refuse(key, "not a name", "lower-case letters, digits and dashes, at most 63");
        }
        return name;
    }

    private static Optional<String> nameOrPath(Settings spec, String key) {
        Optional<String> name = spec.text(key);
        if (name.isPresent()
                && !NAME.matcher(name.get()).matches()
                && !PATH.matcher(name.get()).matches()) {
            spec.refuse(key, "neither a name nor a path", "a name, or projects/PROJECT/…");
        }
        return name;
    }

    /// A family is left for Google to look up: it takes the newest image that is not deprecated.
    private static Optional<String> image(Settings spec) {
        Optional<String> image = named(spec, "image", NAME);
        Optional<String> family = named(spec, "image_family", NAME);
        Optional<String> project = spec.text("image_project");
        if (image.isPresent() && family.isPresent()) {
            spec.refuse("image", "image_family is there too", "say one of the two");
        }
        if (image.isEmpty() && family.isEmpty() && project.isPresent()) {
            spec.refuse("image_project", "of which image?", "name an image or an image_family");
        }
        String where = project.map("projects/%s/"::formatted).orElse("");
        return image.map(name -> where + "global/images/" + name)
                .or(() -> family.map(name -> where + "global/images/family/" + name));
    }

    private static Optional<Disk> disk(Settings spec, String gb, String type) {
        long size = spec.integer(gb, 0, 1, MOST_GB);
        Optional<String> kind = named(spec, type, NAME);
        return size == 0 && kind.isEmpty()
                ? Optional.empty()
                : Optional.of(new Disk(size == 0 ? Optional.empty() : Optional.of(size), kind));
    }

    private static List<Disk> disks(Settings spec) {
        List<Disk> disks = new ArrayList<>();
        for (Settings part : spec.parts("disks")) {
            Optional<Disk> disk = disk(part, "gb", "type");
            if (disk.flatMap(Disk::gb).isEmpty()) {
                part.refuse("gb", "is missing", "the size in GB");
            }
            disk.ifPresent(disks::add);
        }
        if (disks.size() > MOST_DISKS) {
            spec.refuse("disks", "too many", "at most " + MOST_DISKS);
        }
        return disks;
    }

    /// A machine may do nothing in the project unless it is said.
    private static Optional<Account> account(Settings spec) {
        Optional<String> email = spec.text("service_account");
        List<String> scopes = spec.texts("scopes", List.of());
        if (email.isPresent() && !EMAIL.matcher(email.get()).matches()) {
            spec.refuse("service_account", "not an account", "its e-mail address, or default");
        }
        if (email.isEmpty() && !scopes.isEmpty()) {
            spec.refuse("scopes", "of which account?", "name a service_account");
        }
        return email.map(
                account -> new Account(account, scopes.isEmpty() ? List.of(ALL_OF_CLOUD) : scopes));
    }

    private static Optional<Preemption> spot(Settings spec) {
        boolean isSpot = spec.flag("spot").orElse(false);
        Optional<String> action = spec.text("spot_action");
        if (action.isPresent() && !isSpot) {
            spec.refuse("spot_action", "of a machine that is not spot", "say spot: true");
        }
        Preemption then =
                switch (action.orElse("stop")) {
                    case "stop" -> Preemption.STOP;
                    case "delete" -> Preemption.DELETE;
                    default -> {
                        spec.refuse("spot_action", "neither of the two", "stop or delete");
                        yield Preemption.STOP;
                    }
                };
        return isSpot ? Optional.of(then) : Optional.empty();
    }

    private static Map<String, String> metadata(Settings spec) {
        Map<String, String> metadata = spec.labels("metadata");
        for (String key : metadata.keySet()) {
            if (!METADATA.matcher(key).matches()) {
                spec.refuse("metadata", "not a key", "letters, digits, dashes and underscores");
            } else if (Marks.isOurs(key)) {
                spec.refuse("metadata", key + " is Formwork's own", "leave it out");
            }
        }
        return metadata;
    }
}
