package dev.formwork.provider.openstack.api;

import dev.formwork.provider.ProviderCode;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A server of Nova's.
///
/// @param status such as `BUILD`, `ACTIVE`, `SHUTOFF`, `ERROR`
/// @param task what Nova does with it right now (`OS-EXT-STS:task_state`); empty is nothing
/// @param fault what went wrong, where its status is `ERROR`
/// @param wasLaunched whether it ever ran
public record Server(
        String id,
        String name,
        String status,
        String task,
        Instant created,
        Map<String, String> metadata,
        List<Address> addresses,
        String fault,
        boolean wasLaunched) {

    /// The same for all who look, whatever comes later: who was there first.
    public static final Comparator<Server> OLDEST_FIRST =
            Comparator.comparing(Server::created).thenComparing(Server::id);

    public Server {
        metadata = Map.copyOf(metadata);
        addresses = List.copyOf(addresses);
    }

    /// @param isFloating or else fixed
    public record Address(String ip, boolean isFloating) {}

    /// @throws dev.formwork.model.ProblemException `provider.unavailable` where it is of a cell of
    ///   Nova that does not answer: what it is, is not known then
    static Server read(JsonNode server) {
        String id = server.path("id").stringValue("");
        String status = server.path("status").stringValue("");
        if (id.isEmpty() || status.isEmpty()) {
            throw Failures.garbled("a look at servers");
        }
        if (status.equals("UNKNOWN") || !server.has("metadata")) {
            throw ProviderCode.UNAVAILABLE.problem(
                    "Nova does not know right now how server %s is".formatted(id),
                    "a cell of the cloud is down");
        }
        Map<String, String> metadata = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : server.path("metadata").properties()) {
            metadata.put(each.getKey(), each.getValue().stringValue(""));
        }
        List<Address> addresses = new ArrayList<>();
        for (JsonNode network : server.path("addresses")) {
            for (JsonNode address : network) {
                addresses.add(
                        new Address(
                                address.path("addr").stringValue(""),
                                address.path("OS-EXT-IPS:type")
                                        .stringValue("")
                                        .equals("floating")));
            }
        }
        return new Server(
                id,
                server.path("name").stringValue(""),
                status,
                server.path("OS-EXT-STS:task_state").stringValue(""),
                instant(server.path("created").stringValue("")),
                metadata,
                addresses,
                server.path("fault").path("message").stringValue(""),
                server.path("OS-SRV-USG:launched_at").isString());
    }

    static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            return Instant.EPOCH;
        }
    }

    /// Whether it is on its way out, or out and kept for a while.
    public boolean isGoing() {
        return task.equals("deleting") || status.equals("DELETED") || status.equals("SOFT_DELETED");
    }

    /// Whether its fault is that no host could take it, or that a quota is used up.
    public boolean isOutOfRoom() {
        return Failures.isOutOfRoom(fault);
    }

    /// Whether Nova still looks for a host for it.
    public boolean isWithoutHost() {
        return status.equals("BUILD") && (task.isEmpty() || task.equals("scheduling"));
    }
}
