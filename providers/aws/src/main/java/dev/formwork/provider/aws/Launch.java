package dev.formwork.provider.aws;

import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.aws.MachineSpec.Disk;

import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.HttpTokensState;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.InstanceInterruptionBehavior;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceSpecification;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.ShutdownBehavior;
import software.amazon.awssdk.services.ec2.model.SpotInstanceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Turns the wish for a machine into one `RunInstances`, and sends it. All that it makes has its
/// marks from the beginning, and goes with the instance.
final class Launch {
    private final AwsCalls calls;
    private final Marks marks;
    private final UserData userData;
    private final Images images;
    private final Networks networks;

    Launch(AwsCalls calls, Marks marks, UserData userData, Images images, Networks networks) {
        this.calls = calls;
        this.marks = marks;
        this.userData = userData;
        this.images = images;
        this.networks = networks;
    }

    /// The id of the instance; empty where EC2 made one for this token that was asked for in other
    /// words.
    Optional<String> run(OperationToken token, InstanceRequest request, MachineSpec spec) {
        RunInstancesRequest wish = wish(token, request, spec);
        return calls.ec2Where(
                        "make machine " + request.machine(),
                        ec2 -> {
                            try {
                                return Optional.of(ec2.runInstances(wish));
                            } catch (Ec2Exception refused) {
                                if (AwsFailure.codeOf(refused)
                                        .equals("IdempotentParameterMismatch")) {
                                    return Optional.<RunInstancesResponse>empty();
                                }
                                throw refused;
                            }
                        })
                .map(answer -> answer.instances().getFirst().instanceId());
    }

    private RunInstancesRequest wish(
            OperationToken token, InstanceRequest request, MachineSpec spec) {
        Image image = images.find(spec.image());
        RunInstancesRequest.Builder wish =
                RunInstancesRequest.builder()
                        .clientToken(marks.clientToken(token))
                        .minCount(1)
                        .maxCount(1)
                        .imageId(image.imageId())
                        .instanceType(spec.type())
                        .userData(userData.encoded(request, spec.java()))
                        .blockDeviceMappings(disks(image, spec))
                        .tagSpecifications(tags(marks.tags(token, request, spec.tags()), spec))
                        .metadataOptions(each ->
                                each.httpTokens(HttpTokensState.REQUIRED)
                                        .httpPutResponseHopLimit(spec.hopLimit()))
                        // A machine that switches itself off is there still, and can be started.
                        .instanceInitiatedShutdownBehavior(ShutdownBehavior.STOP);
        spec.key().ifPresent(wish::keyName);
        spec.profile().ifPresent(profile -> profile(wish, profile));
        if (spec.monitoring()) {
            wish.monitoring(each -> each.enabled(true));
        }
        spec.spot().ifPresent(spot -> spot(wish, spot));
        network(wish, request, spec);
        return wish.build();
    }

    private static void profile(RunInstancesRequest.Builder wish, String profile) {
        wish.iamInstanceProfile(each -> {
            if (profile.startsWith("arn:")) {
                each.arn(profile);
            } else {
                each.name(profile);
            }
        });
    }

    /// Asked for once, and gone when it is taken back: the engine makes another.
    private static void spot(RunInstancesRequest.Builder wish, MachineSpec.Spot spot) {
        wish.instanceMarketOptions(market ->
                market.marketType(MarketType.SPOT)
                        .spotOptions(each ->
                                each.spotInstanceType(SpotInstanceType.ONE_TIME)
                                        .instanceInterruptionBehavior(
                                                InstanceInterruptionBehavior.TERMINATE)
                                        .maxPrice(spot.maxPrice().orElse(null))));
    }

    private void network(
            RunInstancesRequest.Builder wish, InstanceRequest request, MachineSpec spec) {
        Optional<String> subnet = Networks.spread(spec.subnets(), request);
        List<String> groups = networks.groupIds(spec.groups(), subnet);
        Networks.spread(spec.zones(), request)
                .ifPresent(zone -> wish.placement(each -> each.availabilityZone(zone)));
        if (spec.publicAddress().isPresent()) {
            // Only a card can be told that, and then has all the rest too.
            InstanceNetworkInterfaceSpecification.Builder card =
                    InstanceNetworkInterfaceSpecification.builder()
                            .deviceIndex(0)
                            .associatePublicIpAddress(spec.publicAddress().get())
                            .deleteOnTermination(true)
                            .groups(groups);
            subnet.ifPresent(card::subnetId);
            wish.networkInterfaces(card.build());
            return;
        }
        subnet.ifPresent(wish::subnetId);
        wish.securityGroupIds(groups);
    }

    /// Those that the image brings, the root's as it is asked for, and the others. An image may say
    /// that one of its disks stays behind: here none does.
    private static List<BlockDeviceMapping> disks(Image image, MachineSpec spec) {
        Map<String, BlockDeviceMapping> disks = new LinkedHashMap<>();
        for (BlockDeviceMapping each : image.blockDeviceMappings()) {
            if (each.ebs() != null) {
                boolean root = each.deviceName().equals(image.rootDeviceName());
                disks.put(
                        each.deviceName(),
                        disk(each.deviceName(), root ? spec.root() : Disk.OF_THE_IMAGE));
            }
        }
        if (!spec.root().equals(Disk.OF_THE_IMAGE)) {
            disks.putIfAbsent(image.rootDeviceName(), disk(image.rootDeviceName(), spec.root()));
        }
        // The names that are recommended for disks ("Device names for volumes").
        List<String> free =
                Stream.iterate('f', letter -> letter <= 'p', letter -> (char) (letter + 1))
                        .filter(letter -> disks.keySet().stream().noneMatch(isNamed(letter)))
                        .map(letter -> "/dev/sd" + letter)
                        .toList();
        if (free.size() < spec.disks().size()) {
            throw ProviderCode.INVALID_SPEC.problem(
                    "there are names for %d more disks only".formatted(free.size()),
                    "the image %s has many itself".formatted(image.imageId()));
        }
        List<BlockDeviceMapping> all = new ArrayList<>(disks.values());
        for (int i = 0; i < spec.disks().size(); i++) {
            all.add(disk(free.get(i), spec.disks().get(i)));
        }
        return all;
    }

    /// Where the one name is taken, the other is too.
    private static Predicate<String> isNamed(char letter) {
        return Pattern.compile("/dev/(sd|xvd)%c\\d*".formatted(letter)).asMatchPredicate();
    }

    private static BlockDeviceMapping disk(String device, Disk disk) {
        return BlockDeviceMapping.builder()
                .deviceName(device)
                .ebs(ebs -> {
                    ebs.deleteOnTermination(true);
                    disk.gigabytes().ifPresent(ebs::volumeSize);
                    disk.type().ifPresent(ebs::volumeType);
                    if (disk.encrypted()) {
                        // Never false: EC2 refuses that of a snapshot that is encrypted.
                        ebs.encrypted(true);
                    }
                })
                .build();
    }

    private static List<TagSpecification> tags(List<Tag> tags, MachineSpec spec) {
        return Stream.concat(
                        Stream.of(ResourceType.INSTANCE, ResourceType.VOLUME),
                        spec.spot().stream().map(_ -> ResourceType.SPOT_INSTANCES_REQUEST))
                .map(type -> TagSpecification.builder().resourceType(type).tags(tags).build())
                .toList();
    }
}
