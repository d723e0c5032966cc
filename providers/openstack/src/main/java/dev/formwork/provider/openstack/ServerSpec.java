package dev.formwork.provider.openstack;

import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.Settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a group's `machine:` says of its servers, as docs/providers.md lists it.
///
/// @param image by id or name
/// @param imageProperties of the newest image that has them all
/// @param volumeGiB of the volume that it boots from; empty boots from the flavor's own disk
/// @param zones of which each machine gets one in turn
/// @param floatingNetwork an external one, of which each machine gets an address
/// @param group a server group, by name or id
/// @param groupPolicy with which the group is made where it is not there
/// @param hints for Nova's scheduler
/// @param java the path of a Java 25 on the image; empty brings the engine's
record ServerSpec(
        Optional<String> image,
        Map<String, String> imageProperties,
        String flavor,
        String network,
        List<String> securityGroups,
        Optional<Long> volumeGiB,
        Optional<String> volumeType,
        Optional<String> keyPair,
        List<String> zones,
        boolean configDrive,
        Optional<String> floatingNetwork,
        Optional<String> group,
        Optional<String> groupPolicy,
        Map<String, String> hints,
        Optional<String> java) {

    private static final List<String> POLICIES =
            List.of("affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity");

    /// @throws dev.formwork.model.ProblemException `provider.invalid-spec` with all that is wrong
    static ServerSpec read(String provider, InstanceRequest request) {
        Settings spec = Settings.spec(provider, request.spec());
        long volume = spec.integer("volume", 0, 1, 1 << 20);
        ServerSpec read =
                new ServerSpec(
                        spec.text("image"),
                        spec.labels("image_properties"),
                        required(spec, "flavor", "its flavor, by name or id"),
                        required(spec, "network", "its network, by name or id"),
                        spec.texts("security_groups", List.of()),
                        volume == 0 ? Optional.empty() : Optional.of(volume),
                        spec.text("volume_type"),
                        spec.text("key_pair"),
                        spec.texts("zones", List.of()),
                        spec.flag("config_drive").orElse(false),
                        spec.text("floating_network"),
                        spec.text("server_group"),
                        spec.text("server_group_policy"),
                        spec.labels("hints"),
                        spec.text("java"));
        read.check(spec);
        spec.finish();
        return read;
    }

    private static String required(Settings spec, String key, String hint) {
        Optional<String> text = spec.text(key);
        if (text.isEmpty()) {
            spec.refuse(key, "is missing", hint);
        }
        return text.orElse("");
    }

    private void check(Settings spec) {
        if (image.isPresent() == !imageProperties.isEmpty()) {
            spec.refuse("image", "give either image or image_properties", "image: debian-12");
        }
        if (volumeType.isPresent() && volumeGiB.isEmpty()) {
            spec.refuse("volume_type", "there is no volume", "volume: its size in GiB");
        }
        if (groupPolicy.isPresent() && group.isEmpty()) {
            spec.refuse("server_group_policy", "there is no server_group", "name it");
        }
        if (groupPolicy.filter(policy -> !POLICIES.contains(policy)).isPresent()) {
            spec.refuse("server_group_policy", "is none", "one of " + POLICIES);
        }
    }

    /// The zone of a machine: those of a group take turns, by the number that its name ends with.
    Optional<String> zone(String machineName) {
        if (zones.isEmpty()) {
            return Optional.empty();
        }
        String digits = machineName.replaceFirst("^.*?([0-9]{0,9})$", "$1");
        int turn = digits.isEmpty() ? machineName.hashCode() : Integer.parseInt(digits);
        return Optional.of(zones.get(Math.floorMod(turn, zones.size())));
    }
}
