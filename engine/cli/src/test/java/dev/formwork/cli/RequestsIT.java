package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.EngineLocation;
import dev.formwork.cli.client.EventFeed;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.value.Value;
import dev.formwork.server.EngineServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whatever the client asks an engine for, over real HTTP, held against the API's document.
class RequestsIT {
    /// Those that read what they are given.
    private static final Set<String> CALLING_NOBODY =
            Set.of(
                    "uri",
                    "waiting",
                    "modules",
                    "runs",
                    "clusters",
                    "machines",
                    "pools",
                    "bootSightings",
                    "paramsOf");

    @TempDir private Path data;
    private FakeEngine engine;
    private EngineClient client;

    @BeforeEach
    void start() {
        engine = new FakeEngine(data).on("GET /api/v1/packs", "{\"items\": []}");
        client = new EngineClient(EngineLocation.in(data, Optional.empty()).orElseThrow());
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void asksForNothingThatTheApiHasNot() throws Exception {
        Map<String, Set<String>> document = document();
        Set<String> silent = new LinkedHashSet<>();
        for (Method method : EngineClient.class.getDeclaredMethods()) {
            if (!Modifier.isPublic(method.getModifiers())) {
                continue;
            }
            int before = engine.requests().size();
            call(method);
            List<String> requests = engine.requests();
            if (requests.size() == before) {
                silent.add(method.getName());
            }
            requests.subList(before, requests.size())
                    .forEach(request -> requireDocumented(document, request));
        }
        assertThat(silent).isEqualTo(CALLING_NOBODY);
    }

    private void call(Method method) throws Exception {
        Object[] arguments =
                Arrays.stream(method.getGenericParameterTypes()).map(RequestsIT::any).toArray();
        try {
            if (method.invoke(client, arguments) instanceof EventFeed feed) {
                // It has asked when it knows how that ended.
                try (EventFeed started = feed.start()) {
                    assertThat(started.poll(Duration.ofSeconds(30))).isPresent();
                }
            }
        } catch (InvocationTargetException e) {
            // The answers are none that the client could read, which it says.
            assertThat(e.getCause()).isInstanceOf(ProblemException.class);
        }
    }

    private static Object any(Type type) {
        if (type instanceof ParameterizedType of
                && of.getRawType() == Optional.class
                && of.getActualTypeArguments()[0] == Instant.class) {
            return Optional.of(Instant.EPOCH);
        }
        return any((Class<?>) (type instanceof ParameterizedType of ? of.getRawType() : type));
    }

    private static Object any(Class<?> type) {
        Map<Class<?>, Object> values = new HashMap<>();
        values.put(String.class, "some thing/with @?");
        values.put(int.class, 1);
        values.put(long.class, 1L);
        values.put(boolean.class, true);
        values.put(Duration.class, Duration.ofSeconds(1));
        values.put(Optional.class, Optional.of("some-thing"));
        values.put(List.class, List.of("some", "thing"));
        values.put(String[].class, new String[] {"failed", "waiting"});
        values.put(Map.class, Map.of("some", Value.of("thing")));
        values.put(Value.Struct.class, Value.Struct.EMPTY);
        values.put(FileTree.class, new FileTree(Map.of("pack.yaml", new byte[0])));
        values.put(OutputStream.class, OutputStream.nullOutputStream());
        return Objects.requireNonNull(values.get(type), () -> "add one of " + type);
    }

    private static void requireDocumented(Map<String, Set<String>> document, String request) {
        String[] parts = request.split("\\?", 2);
        List<String> found =
                document.keySet().stream()
                        .filter(route ->
                                parts[0].matches(
                                        route.replace(".", "\\.").replaceAll("\\{[^}]+}", "[^/]+")))
                        .toList();
        assertThat(found).as(request).hasSize(1);
        Set<String> names =
                parts.length == 1
                        ? Set.of()
                        : Stream.of(parts[1].split("&", -1))
                                .map(each -> each.split("=", 2)[0])
                                .collect(Collectors.toSet());
        assertThat(document.get(found.getFirst())).as(request).containsAll(names);
    }

    /// `METHOD /path` to the names of its query's parameters.
    private static Map<String, Set<String>> document() throws IOException {
        try (InputStream in = EngineServer.class.getResourceAsStream("openapi.yaml")) {
            Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            JsonNode whole = JsonMapper.shared().valueToTree(yaml);
            Map<String, Set<String>> routes = new HashMap<>();
            whole.path("paths")
                    .properties()
                    .forEach(path ->
                            path.getValue().properties().stream()
                                    .filter(method -> method.getValue().has("responses"))
                                    .forEach(method ->
                                            routes.put(
                                                    method.getKey().toUpperCase(Locale.ROOT)
                                                            + " "
                                                            + path.getKey(),
                                                    query(whole, method.getValue()))));
            return routes;
        }
    }

    private static Set<String> query(JsonNode whole, JsonNode operation) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode each : operation.path("parameters")) {
            JsonNode parameter =
                    each.has("$ref") ? whole.at(each.path("$ref").asString().substring(1)) : each;
            if (parameter.path("in").asString().equals("query")) {
                names.add(parameter.path("name").asString());
            }
        }
        return names;
    }
}
