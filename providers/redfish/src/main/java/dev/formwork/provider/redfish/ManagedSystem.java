package dev.formwork.provider.redfish;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.redfish.client.Link;
import dev.formwork.provider.redfish.client.Quirk;
import dev.formwork.provider.redfish.client.RedfishCode;
import dev.formwork.provider.redfish.client.RedfishService;
import dev.formwork.provider.redfish.client.Resource;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The one computer system of a service that a node is, and what is found from there. Thread-safe.
final class ManagedSystem {
    /// For a task of the service that one waits for, such as a reset.
    static final Duration TASK_LIMIT = Duration.ofMinutes(2);

    private final RedfishService service;
    private final Optional<String> wanted;
    private volatile @Nullable Link found;

    /// @param wanted the id of the system, or its path; empty where the service has one only
    ManagedSystem(RedfishService service, Optional<String> wanted) {
        this.service = service;
        this.wanted = wanted;
    }

    RedfishService service() {
        return service;
    }

    /// As it is now.
    Resource read() {
        return service.read(link());
    }

    Link link() {
        Link known = found;
        if (known == null) {
            known = choose(service.memberLinks(requireLink(service.root(), "Systems")));
            found = known;
        }
        return known;
    }

    private Link choose(List<Link> systems) {
        List<Link> fitting =
                systems.stream()
                        .filter(each ->
                                wanted.isEmpty()
                                        || each.name().equals(wanted.get())
                                        || each.path().equals(wanted.get()))
                        .toList();
        if (fitting.size() != 1) {
            throw RedfishCode.MISSING.problem(
                    "%s has %d systems, and %d of them can be meant"
                            .formatted(service.name(), systems.size(), fitting.size()),
                    "say which, with `system` at the node: %s"
                            .formatted(systems.stream().limit(10).map(Link::name).toList()));
        }
        return fitting.getFirst();
    }

    Set<Quirk> quirks(Resource system) {
        return Quirk.of(system.text("Manufacturer").orElse(""), system.text("Model").orElse(""));
    }

    /// The controllers that manage it.
    List<Link> managers(Resource system) {
        return system.links("Links", "ManagedBy");
    }

    /// Where it is built in.
    List<Link> chassis(Resource system) {
        return system.links("Links", "Chassis");
    }

    /// What is not there where a service is older, or cannot do that: nothing.
    Optional<Resource> optional(Optional<Link> link) {
        try {
            return link.map(service::read);
        } catch (ProblemException failed) {
            return orThrow(failed);
        }
    }

    /// What is in a collection that services need not have: nothing where it is not there.
    List<Resource> members(Optional<Link> collection) {
        try {
            return collection.map(service::members).orElse(List.of());
        } catch (ProblemException failed) {
            Optional<Resource> _ = orThrow(failed);
            return List.of();
        }
    }

    private static Optional<Resource> orThrow(ProblemException failed) {
        if (failed.code().equals(RedfishCode.MISSING.code())) {
            return Optional.empty();
        }
        throw failed;
    }

    Link requireLink(Resource resource, String... path) {
        return resource.link(path)
                .orElseThrow(() ->
                        ProviderCode.UNSUPPORTED.problem(
                                "%s has no %s".formatted(service.name(), String.join("/", path)),
                                "the controller cannot do that"));
    }

    /// Does an action of a resource, and waits for its end.
    void act(Link target, Map<String, ?> parameters) {
        service.await(service.post(target, parameters), TASK_LIMIT);
    }

    /// Does an action that a repeat would undo: a lost answer is not asked for again.
    void actOnce(Link target, Map<String, ?> parameters) {
        service.await(service.postOnce(target, parameters), TASK_LIMIT);
    }

    /// Changes a resource, and waits until it is changed.
    void change(Resource resource, Map<String, ?> changes) {
        service.await(service.patch(resource, changes), TASK_LIMIT);
    }
}
