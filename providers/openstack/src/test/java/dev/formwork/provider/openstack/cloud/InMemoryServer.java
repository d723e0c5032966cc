package dev.formwork.provider.openstack.cloud;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A server of [InMemoryNova].
final class InMemoryServer {
    final String id;
    final String name;
    final String created;
    final Map<String, String> metadata = new TreeMap<>();
    final Set<String> tags;
    final List<String> ports;
    final StringBuilder console = new StringBuilder();
    final ObjectNode wish;
    String status = "BUILD";
    @Nullable String task = "scheduling";
    @Nullable String fault;
    boolean wasLaunched;
    int hiddenFor;

    InMemoryServer(
            String id,
            String name,
            String created,
            Set<String> tags,
            List<String> ports,
            ObjectNode wish) {
        this.id = id;
        this.name = name;
        this.created = created;
        this.tags = tags;
        this.ports = new ArrayList<>(ports);
        this.wish = wish;
    }

    ObjectNode json(InMemoryNeutron neutron) {
        ObjectNode json = Asked.JSON.createObjectNode();
        json.put("id", id).put("name", name).put("status", status).put("created", created);
        json.put("updated", created).put("tenant_id", "p-1").put("user_id", "u-1");
        json.put("OS-EXT-STS:task_state", task);
        json.put("OS-EXT-STS:vm_state", status.equals("ACTIVE") ? "active" : "other");
        json.put("OS-SRV-USG:launched_at", wasLaunched ? created : null);
        json.put("key_name", wish.path("key_name").stringValue(null));
        json.set("image", image());
        json.putObject("flavor").put("original_name", "m1.small").put("vcpus", 1).put("ram", 512);
        ObjectNode data = json.putObject("metadata");
        metadata.forEach(data::put);
        ArrayNode tagged = json.putArray("tags");
        tags.forEach(tagged::add);
        ArrayNode addresses = json.putObject("addresses").putArray("net");
        for (String port : ports) {
            neutron.port(port)
                    .filter(each -> each.path("device_id").stringValue("").equals(id))
                    .ifPresent(each ->
                            addresses
                                    .addObject()
                                    .put(
                                            "addr",
                                            each.path("fixed_ips")
                                                    .path(0)
                                                    .path("ip_address")
                                                    .stringValue(""))
                                    .put("version", 4)
                                    .put("OS-EXT-IPS:type", "fixed"));
        }
        if (addresses.isEmpty()) {
            json.putObject("addresses");
        }
        if (fault != null) {
            json.putObject("fault").put("code", 500).put("message", fault).put("created", created);
        }
        return json;
    }

    private tools.jackson.databind.JsonNode image() {
        String image = wish.path("imageRef").stringValue("");
        return image.isEmpty()
                ? Asked.JSON.getNodeFactory().stringNode("")
                : Asked.JSON.createObjectNode().put("id", image);
    }
}
