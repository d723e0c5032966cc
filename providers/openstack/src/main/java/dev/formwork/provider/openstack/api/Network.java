package dev.formwork.provider.openstack.api;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Neutron. Each method is one call, or one for each page. Thread-safe.
public final class Network {
    private final Session session;

    public Network(Session session) {
        this.session = session;
    }

    /// Ports where this attribute has this value.
    public List<Port> ports(String attribute, String value) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put(attribute, value);
        return session.readAll(Service.NETWORK, "/ports", "ports", query).stream()
                .map(Port::read)
                .toList();
    }

    /// @param port as in the body of `POST /ports`
    public Port makePort(Map<String, ?> port) {
        JsonNode made =
                session.change(Service.NETWORK, "POST", "/ports", Map.of("port", port))
                        .path("port");
        if (!made.path("id").isString()) {
            throw Failures.garbled("POST /ports");
        }
        return Port.read(made);
    }

    public void removePort(String id) {
        session.remove(Service.NETWORK, "/ports/" + id);
    }

    /// Those of the project; none where the cloud has no such thing.
    ///
    /// @param query such as the `description`
    public List<FloatingAddress> floatingAddresses(Map<String, String> query) {
        try {
            return session.readAll(Service.NETWORK, "/floatingips", "floatingips", query).stream()
                    .map(FloatingAddress::read)
                    .toList();
        } catch (ProblemException failed) {
            if (failed.code().equals(ProviderCode.NOT_FOUND.code())) {
                return List.of();
            }
            throw failed;
        }
    }

    /// @param network an external one, by id
    public FloatingAddress makeFloatingAddress(String network, String port, String description) {
        JsonNode made =
                session.change(
                                Service.NETWORK,
                                "POST",
                                "/floatingips",
                                Map.of(
                                        "floatingip",
                                        Map.of(
                                                "floating_network_id",
                                                network,
                                                "port_id",
                                                port,
                                                "description",
                                                description)))
                        .path("floatingip");
        if (!made.path("id").isString()) {
            throw Failures.garbled("POST /floatingips");
        }
        return FloatingAddress.read(made);
    }

    public void removeFloatingAddress(String id) {
        session.remove(Service.NETWORK, "/floatingips/" + id);
    }

    /// The id of the network with this id or name.
    public Optional<String> network(String named) {
        return idOf("/networks", "networks", named);
    }

    /// The id of the security group with this id or name.
    public Optional<String> securityGroup(String named) {
        return idOf("/security-groups", "security_groups", named);
    }

    private Optional<String> idOf(String path, String key, String named) {
        List<JsonNode> all = new ArrayList<>();
        for (String attribute : List.of("id", "name")) {
            if (all.isEmpty()) {
                all.addAll(session.readAll(Service.NETWORK, path, key, Map.of(attribute, named)));
            }
        }
        return Named.choose(all, named);
    }
}
