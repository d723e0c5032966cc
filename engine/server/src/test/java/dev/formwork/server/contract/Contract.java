package dev.formwork.server.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.formwork.server.EngineServer;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The OpenAPI document, to hold answers against.
public final class Contract {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonNode document;
    private final SchemaRegistry registry =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private Contract(JsonNode document) {
        this.document = document;
    }

    public static Contract read() throws IOException {
        try (InputStream in = EngineServer.class.getResourceAsStream("openapi.yaml")) {
            Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            return new Contract(JSON.valueToTree(yaml));
        }
    }

    /// One operation.
    ///
    /// @param open asks for no token
    public record Route(String path, String method, boolean open, JsonNode operation) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path ->
                        path.getValue().properties().stream()
                                .filter(each -> METHODS.contains(each.getKey()))
                                .forEach(each ->
                                        routes.add(
                                                new Route(
                                                        path.getKey(),
                                                        each.getKey().toUpperCase(Locale.ROOT),
                                                        each.getValue().has("security"),
                                                        each.getValue()))));
        return routes;
    }

    /// Fails where an answer is not as the document says it is.
    public void requireAnswer(String method, String path, HttpResponse<String> answer) {
        JsonNode responses =
                document.path("paths")
                        .path(path)
                        .path(method.toLowerCase(Locale.ROOT))
                        .path("responses");
        assertThat(responses.isMissingNode()).as("%s %s is documented", method, path).isFalse();
        JsonNode response = responses.path(Integer.toString(answer.statusCode()));
        if (response.isMissingNode()) {
            assertThat(answer.statusCode())
                    .as("%s %s: %s", method, path, answer.body())
                    .isGreaterThanOrEqualTo(400);
            response = responses.path("default");
        }
        if (response.has("$ref")) {
            response = document.at(response.path("$ref").asString().substring(1));
        }
        if (!response.has("content")) {
            assertThat(answer.body()).isEmpty();
            return;
        }
        String type = answer.headers().firstValue("Content-Type").orElse("").split(";", -1)[0];
        JsonNode content = response.path("content").path(type);
        assertThat(content.isMissingNode())
                .as("%s %s answers with %s", method, path, type)
                .isFalse();
        if (type.endsWith("json")) {
            requireValid(content.path("schema"), answer.body(), method + " " + path);
        }
    }

    /// Holds JSON against a schema of the document.
    public void requireValid(String schema, String json) {
        ObjectNode reference = JSON.createObjectNode();
        reference.put("$ref", "#/components/schemas/" + schema);
        requireValid(reference, json, schema);
    }

    private void requireValid(JsonNode schema, String json, String what) {
        ObjectNode whole = ((ObjectNode) schema).deepCopy();
        whole.set("components", document.path("components"));
        Schema compiled = registry.getSchema(whole);
        List<Error> errors = compiled.validate(JSON.readTree(json));
        assertThat(errors).as("%s answered %s", what, json).isEmpty();
    }
}
