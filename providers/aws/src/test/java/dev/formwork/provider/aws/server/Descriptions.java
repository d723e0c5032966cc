package dev.formwork.provider.aws.server;

import dev.formwork.provider.aws.server.Ec2Machine.State;

import java.util.Map;

/// Writes things of the account as answers describe them.
final class Descriptions {
    private Descriptions() {}

    static void instance(Xml answer, Ec2Machine machine) {
        Ec2Machine.Birth birth = machine.birth;
        boolean gone = machine.state == State.TERMINATED;
        answer.open("item").text("instanceId", birth.id()).text("imageId", birth.image().id());
        state(answer, "instanceState", machine.state);
        answer.text("privateDnsName", "").text("dnsName", "");
        answer.text("reason", machine.reason.isEmpty() ? "" : "(2026-11-28 00:00:00 GMT)");
        answer.text("keyName", birth.parameters().get("KeyName"));
        answer.text("amiLaunchIndex", 0).open("productCodes").close();
        answer.text("clientToken", birth.clientToken());
        answer.text("instanceType", birth.parameter("InstanceType", ""));
        answer.text("launchTime", machine.startedAt);
        answer.open("placement").text("availabilityZone", birth.subnet().zone());
        answer.text("groupName", "").text("tenancy", "default").close();
        boolean watched = birth.parameter("Monitoring.Enabled", "false").equals("true");
        answer.open("monitoring").text("state", watched ? "enabled" : "disabled").close();
        if (!gone) {
            answer.text("subnetId", birth.subnet().id()).text("vpcId", birth.subnet().vpc());
            answer.text("privateIpAddress", birth.privateAddress());
            answer.text("ipAddress", birth.publicAddress());
        }
        answer.open("groupSet");
        birth.groups()
                .forEach(group ->
                        answer.open("item")
                                .text("groupId", group.id())
                                .text("groupName", group.name())
                                .close());
        answer.close();
        if (!machine.reason.isEmpty()) {
            answer.open("stateReason").text("code", machine.reason);
            answer.text("message", machine.reasonMessage).close();
        }
        answer.text("architecture", birth.image().architecture());
        answer.text("rootDeviceType", "ebs").text("rootDeviceName", birth.image().root());
        answer.open("blockDeviceMapping");
        machine.volumes.forEach(volume -> attachment(answer, volume));
        answer.close();
        answer.text("virtualizationType", "hvm");
        tags(answer, machine.tags);
        answer.text("hypervisor", "xen");
        card(answer, machine);
        if (birth.parameters().containsKey("InstanceMarketOptions.MarketType")) {
            answer.text("instanceLifecycle", "spot").text("spotInstanceRequestId", "sir-1234abcd");
        }
        answer.open("metadataOptions").text("state", "applied");
        answer.text("httpTokens", birth.parameter("MetadataOptions.HttpTokens", "optional"));
        answer.text(
                "httpPutResponseHopLimit",
                birth.parameter("MetadataOptions.HttpPutResponseHopLimit", "1"));
        answer.text("httpEndpoint", "enabled").close();
        answer.close();
    }

    private static void card(Xml answer, Ec2Machine machine) {
        answer.open("networkInterfaceSet");
        if (machine.state != State.TERMINATED) {
            answer.open("item")
                    .text("networkInterfaceId", "eni-" + machine.birth.id().substring(2));
            answer.text("subnetId", machine.birth.subnet().id());
            answer.text("vpcId", machine.birth.subnet().vpc()).text("status", "in-use");
            answer.text("privateIpAddress", machine.birth.privateAddress());
            answer.open("attachment").text("deviceIndex", 0).text("status", "attached");
            answer.text("attachTime", machine.birth.at()).text("deleteOnTermination", true).close();
            answer.close();
        }
        answer.close();
    }

    private static void attachment(Xml answer, Ec2Machine.Volume volume) {
        answer.open("item").text("deviceName", volume.device()).open("ebs");
        answer.text("volumeId", volume.id()).text("status", "attached");
        answer.text("deleteOnTermination", volume.deleteOnTermination()).close().close();
    }

    static void state(Xml answer, String name, State state) {
        answer.open(name).text("code", state.code()).text("name", state.word()).close();
    }

    private static void tags(Xml answer, Map<String, String> tags) {
        answer.open("tagSet");
        tags.forEach(
                (key, value) -> answer.open("item").text("key", key).text("value", value).close());
        answer.close();
    }

    static void image(Xml answer, Ec2Account.Image image) {
        answer.open("item").text("imageId", image.id()).text("imageState", "available");
        answer.text("imageOwnerId", image.owner()).text("creationDate", image.createdAt());
        answer.text("isPublic", true).text("architecture", image.architecture());
        answer.text("imageType", "machine").text("name", image.name());
        answer.text("rootDeviceType", "ebs").text("rootDeviceName", image.root());
        answer.open("blockDeviceMapping");
        for (String device : image.devices()) {
            answer.open("item").text("deviceName", device).open("ebs");
            answer.text("snapshotId", "snap-00000000000000001").text("volumeSize", 8);
            answer.text("deleteOnTermination", device.equals(image.root()));
            answer.text("volumeType", "gp2").text("encrypted", false).close().close();
        }
        answer.open("item").text("deviceName", "/dev/sdb").text("virtualName", "ephemeral0");
        answer.close().close().text("virtualizationType", "hvm").close();
    }

    static void volume(Xml answer, Ec2Machine.Volume volume) {
        answer.open("item").text("volumeId", volume.id()).text("size", volume.gigabytes());
        answer.text("status", "in-use").text("volumeType", volume.type());
        answer.text("encrypted", volume.encrypted());
        tags(answer, volume.tags());
        answer.close();
    }
}
