package dev.formwork.provider.openstack;

import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.openstack.OpenStackSettings.AddressKind;
import dev.formwork.provider.openstack.api.FloatingAddress;
import dev.formwork.provider.openstack.api.Port;
import dev.formwork.provider.openstack.api.Server;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All that is seen of one instance at one time. There is something of each kind at most, but for
/// moments in which several callers make the same, and after a crash in such a moment.
record Sighting(
        ServerName name, List<Server> servers, List<Port> ports, List<FloatingAddress> floating) {

    Sighting {
        servers = servers.stream().sorted(Server.OLDEST_FIRST).toList();
        ports = List.copyOf(ports);
        floating = List.copyOf(floating);
    }

    boolean isEmpty() {
        return servers.isEmpty() && ports.isEmpty() && floating.isEmpty();
    }

    /// The server that counts: of those that stay, the one that was there first.
    Optional<Server> server() {
        return servers.stream().filter(server -> !server.isGoing()).findFirst();
    }

    Optional<Mark> mark() {
        return servers.stream()
                .flatMap(server -> Mark.parse(server.metadata()).stream())
                .findFirst();
    }

    InstanceState state() {
        Optional<Server> server = server();
        if (server.isEmpty()) {
            boolean isWaiting =
                    servers.isEmpty()
                            && ports.stream().anyMatch(port -> port.owner().equals(Tags.WAITING));
            return isWaiting ? InstanceState.CREATING : InstanceState.DELETING;
        }
        if (server.get().metadata().containsKey(Mark.FLOATING) && floating.isEmpty()) {
            return InstanceState.CREATING;
        }
        return switch (server.get().status()) {
            case "BUILD", "REBUILD" -> InstanceState.STARTING;
            case "ACTIVE",
                    "PASSWORD",
                    "REBOOT",
                    "HARD_REBOOT",
                    "RESIZE",
                    "VERIFY_RESIZE",
                    "REVERT_RESIZE",
                    "MIGRATING" ->
                    InstanceState.RUNNING;
            default -> InstanceState.STOPPED;
        };
    }

    Instance instance(AddressKind kind) {
        return new Instance(
                name.ref(),
                name.machine(),
                name.name(),
                kind == AddressKind.PUBLIC ? publicAddress() : privateAddress(),
                state(),
                created(),
                mark().map(Mark::labels).orElse(java.util.Map.of()),
                Hardware.NONE);
    }

    private Instant created() {
        return Stream.concat(
                        server().stream().map(Server::created),
                        Stream.concat(
                                servers.stream().map(Server::created),
                                ports.stream().map(Port::created)))
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    /// What Neutron says is known first.
    private @Nullable String privateAddress() {
        String port = server().map(each -> each.metadata().getOrDefault(Mark.PORT, "")).orElse("");
        return ports.stream()
                .filter(each -> each.id().equals(port))
                .flatMap(each -> each.addresses().stream())
                .findFirst()
                .or(() -> addresses(false))
                .orElse(null);
    }

    private @Nullable String publicAddress() {
        return floating.stream()
                .map(FloatingAddress::address)
                .filter(address -> !address.isEmpty())
                .findFirst()
                .or(() -> addresses(true))
                .orElse(null);
    }

    private Optional<String> addresses(boolean areFloating) {
        return server().stream()
                .flatMap(server -> server.addresses().stream())
                .filter(address -> address.isFloating() == areFloating)
                .map(Server.Address::ip)
                .min(Comparator.comparing(ip -> ip.indexOf(':') >= 0));
    }
}
