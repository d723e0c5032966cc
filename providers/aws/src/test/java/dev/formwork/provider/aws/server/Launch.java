package dev.formwork.provider.aws.server;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// `RunInstances`: of all that it can be asked, what is read here; the rest is refused as unknown.
final class Launch {
    private static final int MOST_TAGS = 50;
    private static final int MOST_USER_DATA = 16 * 1024;
    private static final Set<String> TYPES =
            Set.of("t3.micro", "t3.small", "m7g.large", "t2.micro");
    private static final String[] VOLUME_TYPES = {
        "standard", "io1", "io2", "gp2", "sc1", "st1", "gp3"
    };

    private final Ec2Account account;
    private final Parameters asked;

    Launch(Ec2Account account, Parameters asked) {
        this.account = account;
        this.asked = asked;
    }

    Ec2Machine run() {
        checkScalars();
        Ec2Account.Image image = image();
        String zone = asked.text("Placement.AvailabilityZone").orElse("");
        Ec2Account.Subnet subnet = subnet(zone);
        List<Ec2Account.Group> groups = groups(subnet);
        Map<String, Map<String, String>> tags = tags();
        List<Ec2Machine.Volume> volumes = volumes(image, tags.getOrDefault("volume", Map.of()));
        String token = asked.text("ClientToken").orElse("");
        asked.finish();
        if (token.length() > 64) {
            throw new Refusal("InvalidParameterValue", "ClientToken is longer than 64");
        }
        boolean zonal = !zone.isEmpty() || subnetId() != null;
        Ec2Account.TokenScope scope =
                new Ec2Account.TokenScope(token, zonal ? subnet.zone() : "the region");
        Ec2Machine earlier = token.isEmpty() ? null : account.tokens.get(scope);
        if (earlier != null) {
            return repeated(earlier);
        }
        Ec2Machine made = new Ec2Machine(birth(image, subnet, groups, token), account.hidden);
        made.tags.putAll(tags.getOrDefault("instance", Map.of()));
        made.volumes.addAll(volumes);
        account.machines.put(made.birth.id(), made);
        if (!token.isEmpty()) {
            account.tokens.put(scope, made);
        }
        return made;
    }

    private Ec2Machine repeated(Ec2Machine earlier) {
        if (!earlier.birth.parameters().equals(asked.all())) {
            throw new Refusal(
                    "IdempotentParameterMismatch",
                    "The client token has already been used with different parameters");
        }
        if (earlier.state == Ec2Machine.State.TERMINATED) {
            throw new Refusal(
                    "IdempotentInstanceTerminated",
                    "The instance of this client token has been terminated");
        }
        return earlier;
    }

    private Ec2Machine.Birth birth(
            Ec2Account.Image image,
            Ec2Account.Subnet subnet,
            List<Ec2Account.Group> groups,
            String token) {
        String id = account.id("i");
        boolean open =
                asked.text("NetworkInterface.1.AssociatePublicIpAddress")
                        .map(Boolean::parseBoolean)
                        .orElse(subnet.open());
        return new Ec2Machine.Birth(
                id,
                account.id("r"),
                token,
                Map.copyOf(asked.all()),
                image,
                subnet,
                groups,
                account.clock.instant(),
                account.address(0),
                open ? account.address(77) : null);
    }

    private void checkScalars() {
        if (asked.integer("MinCount", 0, 1, 1) != asked.integer("MaxCount", 0, 1, 1)) {
            throw new Refusal("InvalidParameterValue", "MinCount and MaxCount differ");
        }
        String type = asked.required("InstanceType");
        if (!TYPES.contains(type)) {
            throw new Refusal(
                    "InvalidParameterValue",
                    "Invalid value '%s' for InstanceType.".formatted(type));
        }
        asked.text("KeyName")
                .filter(key -> !key.equals("ops"))
                .ifPresent(key -> {
                    throw new Refusal(
                            "InvalidKeyPair.NotFound",
                            "The key pair '%s' does not exist".formatted(key));
                });
        asked.text("IamInstanceProfile.Name");
        asked.text("IamInstanceProfile.Arn");
        asked.oneOf("MetadataOptions.HttpTokens", "optional", "required");
        asked.oneOf("MetadataOptions.HttpEndpoint", "enabled", "disabled");
        asked.integer("MetadataOptions.HttpPutResponseHopLimit", 1, 1, 64);
        asked.flag("Monitoring.Enabled", false);
        asked.oneOf("InstanceInitiatedShutdownBehavior", "stop", "terminate");
        if (asked.oneOf("InstanceMarketOptions.MarketType", "", "spot").equals("spot")) {
            asked.text("InstanceMarketOptions.SpotOptions.MaxPrice");
            asked.oneOf(
                    "InstanceMarketOptions.SpotOptions.SpotInstanceType", "one-time", "persistent");
            asked.oneOf(
                    "InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior",
                    "terminate",
                    "stop",
                    "hibernate");
        }
        asked.text("UserData").ifPresent(Launch::checkUserData);
    }

    private static void checkUserData(String data) {
        try {
            if (Base64.getDecoder().decode(data).length > MOST_USER_DATA) {
                throw new Refusal("InvalidParameterValue", "User data is limited to 16384 bytes");
            }
        } catch (IllegalArgumentException wrong) {
            throw new Refusal("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
        }
    }

    private Ec2Account.Image image() {
        String id = asked.required("ImageId");
        if (!id.matches("ami-[0-9a-f]{8}([0-9a-f]{9})?")) {
            throw new Refusal("InvalidAMIID.Malformed", "Invalid id: \"%s\"".formatted(id));
        }
        Ec2Account.Image image = account.images.get(id);
        if (image == null) {
            throw new Refusal(
                    "InvalidAMIID.NotFound", "The image id '[%s]' does not exist".formatted(id));
        }
        return image;
    }

    private @Nullable String subnetId() {
        return asked.text("SubnetId")
                .or(() -> asked.text("NetworkInterface.1.SubnetId"))
                .orElse(null);
    }

    private Ec2Account.Subnet subnet(String zone) {
        boolean card = asked.text("NetworkInterface.1.DeviceIndex").isPresent();
        if (card) {
            asked.integer("NetworkInterface.1.DeviceIndex", 0, 0, 0);
            asked.flag("NetworkInterface.1.AssociatePublicIpAddress", false);
            asked.flag("NetworkInterface.1.DeleteOnTermination", true);
            if (asked.text("SubnetId").isPresent() || !asked.items("SecurityGroupId").isEmpty()) {
                throw new Refusal(
                        "InvalidParameterCombination",
                        "Network interfaces and an instance-level subnet ID or security groups"
                                + " may not be specified on the same request");
            }
        }
        String id = subnetId();
        if (id == null) {
            return account.defaultSubnet(zone)
                    .orElseThrow(() ->
                            new Refusal(
                                    "InvalidParameterValue",
                                    "Invalid availability zone: [%s]".formatted(zone)));
        }
        Ec2Account.Subnet subnet = account.subnets.get(id);
        if (subnet == null) {
            throw new Refusal(
                    "InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist".formatted(id));
        }
        if (!zone.isEmpty() && !zone.equals(subnet.zone())) {
            throw new Refusal(
                    "InvalidParameterValue", "The subnet '%s' is not in %s".formatted(id, zone));
        }
        return subnet;
    }

    private List<Ec2Account.Group> groups(Ec2Account.Subnet subnet) {
        List<Ec2Account.Group> groups = new ArrayList<>();
        Stream.of("SecurityGroupId", "NetworkInterface.1.SecurityGroupId")
                .flatMap(name -> asked.list(name).stream())
                .forEach(id -> {
                    Ec2Account.Group group = account.groups.get(id);
                    if (group == null) {
                        throw new Refusal(
                                "InvalidGroup.NotFound",
                                "The security group '%s' does not exist".formatted(id));
                    }
                    if (!group.vpc().equals(subnet.vpc())) {
                        throw new Refusal(
                                "InvalidParameter",
                                "Security group %s and subnet %s belong to different networks."
                                        .formatted(id, subnet.id()));
                    }
                    groups.add(group);
                });
        return groups;
    }

    private Map<String, Map<String, String>> tags() {
        Map<String, Map<String, String>> tags = new HashMap<>();
        for (String each : asked.items("TagSpecification")) {
            String type = asked.required(each + ".ResourceType");
            if (!Set.of("instance", "volume", "spot-instances-request").contains(type)) {
                throw new Refusal(
                        "InvalidParameterValue",
                        "'%s' is not a valid taggable resource".formatted(type));
            }
            Map<String, String> found = new TreeMap<>();
            for (String tag : asked.items(each + ".Tag")) {
                String key = asked.required(tag + ".Key");
                String value = asked.text(tag + ".Value").orElse("");
                if (key.startsWith("aws:")
                        || key.codePoints().count() > 128
                        || value.codePoints().count() > 256
                        || found.put(key, value) != null) {
                    throw new Refusal("InvalidParameterValue", "not a tag: " + key);
                }
            }
            if (found.size() > MOST_TAGS) {
                throw new Refusal("TagLimitExceeded", "more than 50 tags");
            }
            tags.put(type, found);
        }
        return tags;
    }

    /// Those of the image, with what the request says of each, and those of the request alone.
    private List<Ec2Machine.Volume> volumes(Ec2Account.Image image, Map<String, String> tags) {
        Map<String, Ec2Machine.Volume> volumes = new TreeMap<>();
        for (String device : image.devices()) {
            // As images of one's own that were made of an instance with a second disk have it.
            boolean goes = device.equals(image.root());
            volumes.put(
                    device,
                    new Ec2Machine.Volume(account.id("vol"), device, 8, "gp2", false, goes, tags));
        }
        for (String each : asked.items("BlockDeviceMapping")) {
            String device = asked.required(each + ".DeviceName");
            Ec2Machine.Volume was = volumes.get(device);
            int size =
                    asked.integer(
                            each + ".Ebs.VolumeSize", was == null ? 0 : was.gigabytes(), 1, 65536);
            if (was != null && size < was.gigabytes()) {
                throw new Refusal(
                        "InvalidBlockDeviceMapping",
                        "Volume of size %dGB is smaller than snapshot, expect size >= %dGB"
                                .formatted(size, was.gigabytes()));
            }
            asked.text(each + ".Ebs.KmsKeyId");
            volumes.put(
                    device,
                    new Ec2Machine.Volume(
                            was == null ? account.id("vol") : was.id(),
                            device,
                            size,
                            asked.oneOf(each + ".Ebs.VolumeType", "gp2", VOLUME_TYPES),
                            asked.flag(each + ".Ebs.Encrypted", false),
                            asked.flag(
                                    each + ".Ebs.DeleteOnTermination",
                                    was == null || was.deleteOnTermination()),
                            tags));
        }
        return List.copyOf(volumes.values());
    }
}
