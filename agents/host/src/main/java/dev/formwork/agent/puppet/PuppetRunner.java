package dev.formwork.agent.puppet;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.runner.Launch;
import dev.formwork.agent.runner.OwnScript;
import dev.formwork.agent.runner.Programs;
import dev.formwork.agent.runner.Runner;
import dev.formwork.agent.runner.RunnerException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Applies a manifest with `puppet apply`, without any server of Puppet's. Inputs are the topmost
/// data of Hiera, below them the module's own `data/common.yaml`.
public final class PuppetRunner implements Runner {
    @Override
    public String name() {
        return "puppet";
    }

    @Override
    public List<String> command(Launch launch) throws IOException, RunnerException {
        Programs.need("puppet", "install it there, such as by the package puppet");
        Path scratch = launch.scratch();
        DurableFile.createPrivateFolder(scratch);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        launch.job().inputs().forEach((name, value) -> data.set(name, plain(value)));
        DurableFile.replace(scratch.resolve("inputs.json"), ProtocolJson.write(data));
        DurableFile.replace(scratch.resolve("hiera.yaml"), ProtocolJson.write(hiera(launch)));
        return List.of(
                "sh",
                "-c",
                OwnScript.text(PuppetRunner.class, "apply.sh"),
                "formwork-puppet",
                scratch.toString(),
                launch.check() ? "check" : "run",
                launch.module().resolve("modules").toString(),
                launch.script().toString());
    }

    /// Hiera evaluates `%{...}` in data: a value of ours is never an expression.
    static JsonNode plain(JsonNode value) {
        if (value.isString()) {
            return ProtocolJson.string(value.stringValue().replace("%{", "%{literal('%')}{"));
        }
        if (value.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            value.forEach(each -> items.add(plain(each)));
            return items;
        }
        if (value.isObject()) {
            ObjectNode fields = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> each : value.properties()) {
                fields.set(
                        plain(ProtocolJson.string(each.getKey())).stringValue(),
                        plain(each.getValue()));
            }
            return fields;
        }
        return value;
    }

    private static ObjectNode hiera(Launch launch) {
        ObjectNode hiera = JsonNodeFactory.instance.objectNode();
        hiera.put("version", 5);
        ArrayNode levels = hiera.putArray("hierarchy");
        level(levels, "inputs", "json_data", launch.scratch().resolve("inputs.json"));
        level(levels, "module", "yaml_data", launch.module().resolve("data/common.yaml"));
        return hiera;
    }

    private static void level(ArrayNode levels, String name, String kind, Path file) {
        ObjectNode level = levels.addObject();
        level.put("name", name);
        level.put("data_hash", kind);
        level.put("path", file.toString());
    }
}
