package dev.formwork.provider.openstack;

import dev.formwork.model.EngineId;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Remembered;
import dev.formwork.provider.Retries;
import dev.formwork.provider.openstack.api.Compute;
import dev.formwork.provider.openstack.api.FloatingAddress;
import dev.formwork.provider.openstack.api.Images;
import dev.formwork.provider.openstack.api.Network;
import dev.formwork.provider.openstack.api.Port;
import dev.formwork.provider.openstack.api.Server;
import dev.formwork.provider.openstack.api.Session;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// What all capabilities of the provider share: the services, and which of what is in the project
/// is this engine's. Thread-safe.
final class OpenStackPlace {
    private final String provider;
    private final EngineId engine;
    private final Retries retries;
    private final Compute compute;
    private final Network network;
    private final Images images;
    private final Remembered<String, String> ids;
    private final SharedLook<List<Port>> ports;
    private volatile boolean isClosed;

    /// @param provider its name
    OpenStackPlace(
            String provider, EngineId engine, Session session, Retries retries, Clock clock) {
        this.provider = provider;
        this.engine = engine;
        this.retries = retries;
        this.compute = new Compute(session);
        this.network = new Network(session);
        this.images = new Images(session);
        this.ids = new Remembered<>(clock);
        this.ports = new SharedLook<>(() -> network.ports("description", Tags.port(engine)));
    }

    String provider() {
        return provider;
    }

    EngineId engine() {
        return engine;
    }

    Retries retries() {
        return retries;
    }

    Compute compute() {
        return compute;
    }

    Network network() {
        return network;
    }

    Images images() {
        return images;
    }

    /// What the cloud calls something that a spec names; looked up once for all machines that are
    /// asked for within a minute. What is not there is looked for again.
    ///
    /// @param kind for people: "flavor"
    Optional<String> idOf(String kind, String named, Function<String, Optional<String>> find) {
        try {
            return Optional.of(
                    ids.of(
                            kind + " " + named,
                            () ->
                                    retries.call(() -> find.apply(named))
                                            .orElseThrow(NoSuchElementException::new)));
        } catch (NoSuchElementException none) {
            return Optional.empty();
        }
    }

    void close() {
        isClosed = true;
    }

    /// Called first by each operation.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.closed`
    void begin() {
        if (isClosed) {
            throw ProviderCode.CLOSED.problem("provider %s was closed".formatted(provider), null);
        }
    }

    /// All that is there of one instance; of another engine's, nothing. Asks again where that may
    /// help.
    Sighting look(ServerName name) {
        return retries.call(() -> lookOnce(name));
    }

    /// As [#look], within what asks again by itself.
    Sighting lookOnce(ServerName name) {
        List<String> tags = List.of(Tags.engine(engine), Tags.token(name.token()));
        // Ports first: a server is made after its port, so that one which is not seen here came
        // after a port that is.
        List<Port> ports = network.ports("name", name.toString());
        List<Server> servers = compute.servers(tags, List.of());
        List<FloatingAddress> floating =
                network.floatingAddresses(Map.of("description", Tags.floating(engine, name)));
        return group(servers, ports, floating).stream()
                .filter(sighting -> sighting.name().equals(name))
                .findFirst()
                .orElse(new Sighting(name, List.of(), List.of(), List.of()));
    }

    /// As [#lookOnce]: all that is there of a machine, or of a token: also half-made, also of
    /// several tokens.
    List<Sighting> related(Mark mark) {
        List<Port> ports = allPorts();
        List<Server> servers =
                compute.servers(
                        List.of(Tags.engine(engine)),
                        List.of(Tags.machine(mark.machine()), Tags.token(mark.ref().token())));
        Predicate<ServerName> isRelated =
                name ->
                        name.machine().equals(mark.machine())
                                || name.token().equals(mark.ref().token());
        return group(
                        servers,
                        ports.stream()
                                .filter(port ->
                                        ServerName.parse(port.name()).filter(isRelated).isPresent())
                                .toList(),
                        List.of())
                .stream()
                .filter(sighting -> isRelated.test(sighting.name()))
                .toList();
    }

    /// As [#lookOnce]: all that is there of this engine.
    List<Sighting> lookAtAll() {
        List<Port> ports = allPorts();
        List<Server> servers = compute.servers(List.of(Tags.engine(engine)), List.of());
        List<FloatingAddress> floating = network.floatingAddresses(Map.of());
        return group(servers, ports, floating);
    }

    private List<Port> allPorts() {
        return ports.see();
    }

    private List<Sighting> group(
            List<Server> servers, List<Port> ports, List<FloatingAddress> floating) {
        Map<ServerName, List<Server>> serversOf = new HashMap<>();
        Map<ServerName, List<Port>> portsOf = new HashMap<>();
        Map<ServerName, List<FloatingAddress>> floatingOf = new HashMap<>();
        for (Server server : withThoseOnPorts(servers, ports)) {
            Mark.parse(server.metadata())
                    .filter(mark -> mark.engine().equals(engine))
                    .ifPresent(mark -> add(serversOf, mark.ref(), server));
        }
        for (Port port : ports) {
            if (port.description().equals(Tags.port(engine))) {
                ServerName.parse(port.name()).ifPresent(name -> add(portsOf, name, port));
            }
        }
        for (FloatingAddress each : floating) {
            String start = Tags.floating(engine);
            if (each.description().startsWith(start)) {
                ServerName.parse(each.description().substring(start.length()))
                        .ifPresent(name -> add(floatingOf, name, each));
            }
        }
        Set<ServerName> names = new HashSet<>(serversOf.keySet());
        names.addAll(portsOf.keySet());
        names.addAll(floatingOf.keySet());
        return names.stream()
                .map(name ->
                        new Sighting(
                                name,
                                serversOf.getOrDefault(name, List.of()),
                                portsOf.getOrDefault(name, List.of()),
                                floatingOf.getOrDefault(name, List.of())))
                .toList();
    }

    private static <T> void add(Map<ServerName, List<T>> all, ServerName name, T found) {
        all.computeIfAbsent(name, _ -> new ArrayList<>()).add(found);
    }

    /// Nova leaves out of a list what is in a cell that is down. The port of such a server says
    /// that it is there, and Nova, asked for that very server, that it does not know.
    private List<Server> withThoseOnPorts(List<Server> servers, List<Port> ports) {
        List<Server> all = new ArrayList<>(servers);
        for (Port port : ports) {
            if (!port.device().isEmpty()
                    && port.description().equals(Tags.port(engine))
                    && all.stream().noneMatch(server -> server.id().equals(port.device()))) {
                compute.server(port.device()).ifPresent(all::add);
            }
        }
        return all;
    }

    /// @throws dev.formwork.model.ProblemException `provider.not-found`, or `provider.conflict`
    ///   where it is half-made or being deleted
    Server require(InstanceRef ref) {
        Optional<Sighting> sighting =
                ServerName.parse(ref.value()).map(this::look).filter(seen -> !seen.isEmpty());
        if (sighting.isEmpty()) {
            throw ProviderCode.NOT_FOUND.problem(
                    "provider %s has no instance %s".formatted(provider, ref), null);
        }
        return sighting.get()
                .server()
                .orElseThrow(() ->
                        ProviderCode.CONFLICT.problem(
                                "instance %s is half-made or being deleted".formatted(ref),
                                "repeat its create, or its delete"));
    }
}
