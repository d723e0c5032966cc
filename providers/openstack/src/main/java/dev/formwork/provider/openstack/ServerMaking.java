package dev.formwork.provider.openstack;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Retries;
import dev.formwork.provider.openstack.api.FloatingAddress;
import dev.formwork.provider.openstack.api.Port;
import dev.formwork.provider.openstack.api.Server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Makes the server of an instance, so that there is one in the end, whoever else makes it too.
///
/// Nova takes no token. So who has found no server makes a port and a server of its own ([#ask]),
/// and then looks ([#settle]): of all servers under this token the one that was there first stays,
/// by an order that is the same for all, and the others are removed, with their ports. The first of
/// all is never removed by this, and of two callers at least one sees the server of the other, for
/// each looks until it sees its own.
final class ServerMaking {
    private static final int ATTEMPTS = 3;

    /// How long Nova may take to show what it has accepted, and to find a host for it.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final OpenStackPlace place;
    private final ServerRemoval removal;
    private final AgentInstall install;

    /// @param install the script that a machine runs at its first boot, as user data
    ServerMaking(OpenStackPlace place, ServerRemoval removal, AgentInstall install) {
        this.place = place;
        this.removal = removal;
        this.install = install;
    }

    /// Has Nova accept a server. Nothing is made where the spec names what is not there.
    void ask(Mark mark, InstanceRequest request, ServerSpec spec) {
        String script = install.script(request, spec.java());
        Ingredients ingredients = Ingredients.find(place, spec);
        for (int attempt = 1; ; attempt++) {
            Optional<String> group = ServerGroups.of(place, spec);
            Port port = makePort(mark, ingredients);
            try {
                Map<String, Object> server = server(mark, spec, ingredients, port, script);
                askOnce(mark.ref(), server, hints(spec, group));
                return;
            } catch (ProblemException failed) {
                boolean mayHelp =
                        failed.code().equals(ProviderCode.INVALID_SPEC.code())
                                && (spec.groupPolicy().isPresent() || isGone(mark, port));
                if (!mayHelp || attempt == ATTEMPTS) {
                    if (!ProviderCode.isTransient(failed)) {
                        afterwards(
                                failed,
                                () -> {
                                    removal.removePort(port);
                                    removal.removeEmptyGroups(spec);
                                });
                    }
                    throw failed;
                }
                removal.removePort(port);
                if (place.look(mark.ref()).server().isPresent()) {
                    return;
                }
            }
        }
    }

    /// Whether another caller, which has settled on a server, has removed it.
    private boolean isGone(Mark mark, Port port) {
        return place.look(mark.ref()).ports().stream().noneMatch(is -> is.id().equals(port.id()));
    }

    /// One of this call's own, for two servers cannot share one. Where the answer is lost another
    /// is made, and the first is removed once there is a server.
    private Port makePort(Mark mark, Ingredients ingredients) {
        Map<String, Object> port = new LinkedHashMap<>();
        port.put("network_id", ingredients.network());
        port.put("name", mark.ref().toString());
        port.put("description", Tags.port(mark.engine()));
        port.put("device_owner", Tags.WAITING);
        if (!ingredients.securityGroups().isEmpty()) {
            port.put("security_groups", ingredients.securityGroups());
        }
        return place.retries().call(() -> place.network().makePort(port));
    }

    private void askOnce(ServerName name, Map<String, ?> server, Map<String, ?> hints) {
        AtomicBoolean isAsked = new AtomicBoolean();
        place.retries()
                .run(() -> {
                    // Nova may have done it, and the answer was lost.
                    if (isAsked.getAndSet(true) && place.lookOnce(name).server().isPresent()) {
                        return;
                    }
                    place.compute().make(server, hints);
                });
    }

    private Map<String, Object> server(
            Mark mark, ServerSpec spec, Ingredients ingredients, Port port, String script) {
        Map<String, String> metadata = new LinkedHashMap<>(mark.metadata());
        metadata.put(Mark.PORT, port.id());
        ingredients.floatingNetwork().ifPresent(id -> metadata.put(Mark.FLOATING, id));
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("name", mark.name());
        server.put("flavorRef", ingredients.flavor());
        server.put("networks", List.of(Map.of("port", port.id())));
        server.put("metadata", metadata);
        server.put(
                "user_data",
                Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8)));
        if (spec.volumeGiB().isPresent()) {
            server.put("block_device_mapping_v2", List.of(volume(spec, ingredients)));
        } else {
            server.put("imageRef", ingredients.image());
        }
        if (place.compute().hasTags()) {
            server.put("tags", mark.tags());
        }
        if (spec.configDrive()) {
            server.put("config_drive", true);
        }
        spec.keyPair().ifPresent(pair -> server.put("key_name", pair));
        spec.zone(mark.name()).ifPresent(zone -> server.put("availability_zone", zone));
        return server;
    }

    /// Made by Nova, and removed by Nova with the server.
    private static Map<String, Object> volume(ServerSpec spec, Ingredients ingredients) {
        Map<String, Object> volume = new LinkedHashMap<>();
        volume.put("boot_index", 0);
        volume.put("source_type", "image");
        volume.put("uuid", ingredients.image());
        volume.put("destination_type", "volume");
        volume.put("volume_size", spec.volumeGiB().orElseThrow());
        volume.put("delete_on_termination", true);
        spec.volumeType().ifPresent(type -> volume.put("volume_type", type));
        return volume;
    }

    private static Map<String, Object> hints(ServerSpec spec, Optional<String> group) {
        Map<String, Object> hints = new LinkedHashMap<>(spec.hints());
        group.ifPresent(id -> hints.put("group", id));
        return hints;
    }

    /// Waits until the server is seen and has a host, removes what others made of the same, and
    /// gives it its floating address. Empty where it was to be asked for anew: another caller,
    /// which had settled on a server and did not see this one yet, has removed its port.
    ///
    /// @throws ProblemException `provider.quota` where no host has room
    Optional<Sighting> settle(ServerName name) {
        Sighting seen =
                place.retries()
                        .await(
                                "Nova shows the server of " + name,
                                PATIENCE,
                                () ->
                                        Optional.of(place.lookOnce(name))
                                                .filter(look -> look.server().isPresent()));
        Server kept = seen.server().orElseThrow();
        for (Server other : seen.servers()) {
            if (!other.id().equals(kept.id())) {
                removal.removeServer(other);
            }
        }
        String portId = kept.metadata().getOrDefault(Mark.PORT, "");
        List<Port> ports = new ArrayList<>();
        for (Port port : seen.ports()) {
            if (port.id().equals(portId) || port.device().equals(kept.id())) {
                ports.add(port);
            } else {
                removal.removePort(port);
            }
        }
        Optional<Server> placed = kept.isWithoutHost() ? withHost(kept) : Optional.of(kept);
        if (placed.isEmpty()) {
            // Another caller has settled on one that this look did not show yet.
            return settle(name);
        }
        if (placed.get().status().equals("ERROR") && !placed.get().wasLaunched()) {
            if (place.look(name).ports().stream().noneMatch(port -> port.id().equals(portId))) {
                removal.removeServer(placed.get());
                return Optional.empty();
            }
            ProblemException failed = notBuilt(placed.get());
            afterwards(failed, () -> removal.remove(name));
            throw failed;
        }
        return Optional.of(
                new Sighting(
                        name,
                        List.of(placed.get()),
                        ports,
                        floating(name, placed.get(), seen.floating())));
    }

    /// With its host; as it was where Nova takes longer to find one; empty where it is gone.
    private Optional<Server> withHost(Server server) {
        try {
            return place.retries()
                    .await(
                            "server %s has a host".formatted(server.id()),
                            PATIENCE,
                            () -> {
                                Optional<Server> now = place.compute().server(server.id());
                                return now.filter(Server::isWithoutHost).isPresent()
                                        ? Optional.empty()
                                        : Optional.of(now.filter(is -> !is.isGoing()));
                            });
        } catch (ProblemException failed) {
            if (failed.code().equals(ProviderCode.TIMEOUT.code())) {
                return Optional.of(server);
            }
            throw failed;
        }
    }

    private static ProblemException notBuilt(Server server) {
        String fault = server.fault().isEmpty() ? "it does not say why" : server.fault();
        boolean isFull = server.isOutOfRoom();
        return (isFull ? ProviderCode.QUOTA : ProviderCode.UNAVAILABLE)
                .problem(
                        "Nova could not build server %s: %s".formatted(server.id(), fault),
                        isFull ? "free room, or choose another flavor or zone" : null);
    }

    /// The address that it is to have, made where it is not there.
    private List<FloatingAddress> floating(
            ServerName name, Server server, List<FloatingAddress> seen) {
        String network = server.metadata().getOrDefault(Mark.FLOATING, "");
        String port = server.metadata().getOrDefault(Mark.PORT, "");
        List<FloatingAddress> kept = new ArrayList<>();
        for (FloatingAddress each : seen) {
            if (each.port().equals(port)) {
                kept.add(each);
            } else {
                place.retries().run(() -> place.network().removeFloatingAddress(each.id()));
            }
        }
        if (!network.isEmpty() && kept.isEmpty()) {
            kept.add(makeFloating(name, network, port));
        }
        return kept;
    }

    private FloatingAddress makeFloating(ServerName name, String network, String port) {
        Retries retries = place.retries();
        String description = Tags.floating(place.engine(), name);
        AtomicBoolean isAsked = new AtomicBoolean();
        try {
            return retries.call(() -> {
                Optional<FloatingAddress> there =
                        isAsked.getAndSet(true) ? floatingOn(port, description) : Optional.empty();
                return there.isPresent()
                        ? there.get()
                        : place.network().makeFloatingAddress(network, port, description);
            });
        } catch (ProblemException failed) {
            // A port has one at most: another caller was first.
            if (failed.code().equals(ProviderCode.CONFLICT.code())) {
                Optional<FloatingAddress> there = retries.call(() -> floatingOn(port, description));
                if (there.isPresent()) {
                    return there.get();
                }
            }
            ProblemException told = asSpec(failed);
            if (!ProviderCode.isTransient(told)) {
                afterwards(told, () -> removal.remove(name));
            }
            throw told;
        }
    }

    private Optional<FloatingAddress> floatingOn(String port, String description) {
        return place.network().floatingAddresses(Map.of("description", description)).stream()
                .filter(each -> each.port().equals(port))
                .findFirst();
    }

    /// Neutron calls it "not found" where no router leads from the port to the external network.
    private static ProblemException asSpec(ProblemException failed) {
        return failed.code().equals(ProviderCode.NOT_FOUND.code())
                ? ProviderCode.INVALID_SPEC.problem(
                        failed.problems().getFirst().detail(), null, failed)
                : failed;
    }

    /// Does what it can about what is left after a failure; that may fail too, and then a repeat or
    /// a delete finds it.
    private static void afterwards(ProblemException failed, Runnable cleaning) {
        try {
            cleaning.run();
        } catch (ProblemException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }
}
