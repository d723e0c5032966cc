package dev.formwork.provider.aws.server;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What there is in one account and region. Guarded by itself.
final class Ec2Account {
    static final String OWNER = "123456789012";
    static final String DEBIAN = "136693071363";

    /// @param devices those of its disks, the root's first
    record Image(
            String id,
            String owner,
            String name,
            Instant createdAt,
            String architecture,
            List<String> devices) {

        String root() {
            return devices.getFirst();
        }
    }

    /// @param open whether its instances get public addresses
    record Subnet(String id, String vpc, String zone, boolean isDefault, boolean open) {}

    record Group(String id, String name, String vpc) {}

    /// One instance for each, for as long as the account remembers: see "RunInstances idempotency"
    /// in the EC2 developer guide for what a zone has to do with it.
    record TokenScope(String token, String zone) {}

    final Map<String, Image> images = new LinkedHashMap<>();
    final Map<String, Subnet> subnets = new LinkedHashMap<>();
    final Map<String, Group> groups = new LinkedHashMap<>();
    final Map<String, String> parameters = new TreeMap<>();
    final Map<String, Ec2Machine> machines = new LinkedHashMap<>();
    final Map<TokenScope, Ec2Machine> tokens = new LinkedHashMap<>();
    final Clock clock;

    /// How many looks a new instance is not there for.
    int hidden;

    private int made;

    Ec2Account(Clock clock) {
        this.clock = clock;
        image("ami-0000000000000001a", DEBIAN, "debian-12-amd64-20260101-1", "x86_64", "/dev/xvda");
        image("ami-0000000000000002a", DEBIAN, "debian-12-amd64-20260801-7", "x86_64", "/dev/xvda");
        image("ami-0000000000000003a", DEBIAN, "debian-12-arm64-20260901-9", "arm64", "/dev/xvda");
        image(
                "ami-0000000000000004a",
                OWNER,
                "debian-12-amd64-20260915-1",
                "x86_64",
                "/dev/sda1",
                "/dev/sdf");
        parameters.put("/aws/service/debian/release/12/latest/amd64", "ami-0000000000000002a");
        for (String zone : List.of("a", "b", "c")) {
            subnet("subnet-0000000000000000" + zone, "vpc-0000000000000000d", zone, true, true);
            subnet("subnet-0000000000000001" + zone, "vpc-0000000000000001e", zone, false, false);
        }
        group("sg-0000000000000000d", "default", "vpc-0000000000000000d");
        group("sg-0000000000000001d", "web", "vpc-0000000000000000d");
        group("sg-0000000000000002e", "default", "vpc-0000000000000001e");
        group("sg-0000000000000003e", "web", "vpc-0000000000000001e");
        group("sg-0000000000000004e", "etcd", "vpc-0000000000000001e");
    }

    private void image(
            String id, String owner, String name, String architecture, String... devices) {
        String date = name.split("-", -1)[3];
        Instant createdAt =
                Instant.parse(
                        "%s-%s-%sT00:00:00Z"
                                .formatted(
                                        date.substring(0, 4),
                                        date.substring(4, 6),
                                        date.substring(6)));
        images.put(id, new Image(id, owner, name, createdAt, architecture, List.of(devices)));
    }

    private void subnet(String id, String vpc, String zone, boolean isDefault, boolean open) {
        subnets.put(id, new Subnet(id, vpc, AwsServer.REGION + zone, isDefault, open));
    }

    private void group(String id, String name, String vpc) {
        groups.put(id, new Group(id, name, vpc));
    }

    String id(String kind) {
        return "%s-0%016x".formatted(kind, ++made);
    }

    String address(int network) {
        return "10.%d.%d.%d".formatted(network, made / 250 % 250, made % 250 + 4);
    }

    Ec2Machine machine(String id) {
        if (!id.matches("i-[0-9a-f]{8}([0-9a-f]{9})?")) {
            throw new Refusal("InvalidInstanceID.Malformed", "Invalid id: \"%s\"".formatted(id));
        }
        Ec2Machine machine = machines.get(id);
        if (machine == null || machine.hidden > 0) {
            if (machine != null) {
                machine.hidden--;
            }
            throw new Refusal(
                    "InvalidInstanceID.NotFound",
                    "The instance ID '%s' does not exist".formatted(id));
        }
        return machine;
    }

    /// Those that a list shows.
    List<Ec2Machine> shown() {
        List<Ec2Machine> shown = new ArrayList<>();
        for (Ec2Machine machine : machines.values()) {
            if (machine.hidden > 0) {
                machine.hidden--;
            } else {
                shown.add(machine);
            }
        }
        return shown;
    }

    Optional<Subnet> defaultSubnet(String zone) {
        return subnets.values().stream()
                .filter(Subnet::isDefault)
                .filter(each -> zone.isEmpty() || each.zone().equals(zone))
                .findFirst();
    }

    Stream<Ec2Machine.Volume> volumes() {
        return machines.values().stream().flatMap(machine -> machine.volumes.stream());
    }
}
