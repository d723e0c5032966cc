package dev.formwork.agent.terraform;

import dev.formwork.agent.protocol.ProtocolJson;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Gives the outputs of a configuration to the step: those that its module declares.
final class OutputFiles {
    private final Order order;
    private final Path folder;

    OutputFiles(Order order, Path folder) {
        this.order = order;
        this.folder = folder;
    }

    /// What the configuration calls sensitive is to be a secret here too.
    ///
    /// @param outputs by name, each with `sensitive`
    /// @throws TerraformException `terraform.sensitive-output`
    void requireSecrets(JsonNode outputs) throws TerraformException {
        for (String name : order.types().keySet()) {
            if (outputs.path(name).path("sensitive").asBoolean(false)
                    && !order.secretOutputs().contains(name)) {
                throw new TerraformException(
                        "terraform.sensitive-output",
                        "the configuration calls its output "
                                + name
                                + " sensitive, and the module does not: declare it with secret:"
                                + " true");
            }
        }
    }

    /// @param outputs as `output -json` gives them
    void write(JsonNode outputs, Changes changes) throws IOException, TerraformException {
        requireSecrets(outputs);
        for (Map.Entry<String, String> type : order.types().entrySet()) {
            JsonNode value = value(type.getKey(), outputs, changes);
            if (value != null) {
                boolean raw = type.getValue().equals("string") && value.isString();
                Files.write(
                        folder.resolve(type.getKey()),
                        // Of a text, one line's end is taken away again.
                        raw
                                ? (value.stringValue() + "\n").getBytes(StandardCharsets.UTF_8)
                                : ProtocolJson.write(value));
            }
        }
    }

    private static @Nullable JsonNode value(String name, JsonNode outputs, Changes changes) {
        if (outputs.has(name)) {
            return outputs.path(name).path("value");
        }
        return switch (name) {
            case "changed" -> JsonNodeFactory.instance.numberNode(changes.all());
            case "changes" -> {
                ObjectNode all = JsonNodeFactory.instance.objectNode();
                all.put("create", changes.create());
                all.put("update", changes.update());
                all.put("delete", changes.delete());
                all.put("replace", changes.replace());
                yield all;
            }
            default -> null;
        };
    }
}
