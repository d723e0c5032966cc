package dev.formwork.model.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.formwork.model.Names;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.schema.PublishedSchemas;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Holds the published JSON Schemas and the loader against each other, so that they cannot drift.
class SchemaFilesTest {
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static final String DIGEST =
            "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";

    private static final Map<String, String> SAMPLES =
            Map.ofEntries(
                    Map.entry("Task", Samples.TASK),
                    Map.entry("Workflow", Samples.WORKFLOW),
                    Map.entry("Interface", Samples.INTERFACE),
                    Map.entry("BootEnvironment", Samples.BOOT_ENVIRONMENT),
                    Map.entry("Cluster", Samples.CLUSTER),
                    Map.entry("Profile", Samples.PROFILE),
                    Map.entry("Pack", Samples.PACK),
                    Map.entry("Test", Samples.TEST),
                    Map.entry("BootServer", Samples.BOOT_SERVER),
                    Map.entry("Pool", Samples.POOL),
                    Map.entry("Prices", Samples.PRICES));

    static Stream<String> kinds() {
        return Kinds.ALL.stream();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void hasTheKeysThatTheLoaderKnows(Shape shape) {
        Value.Struct definition = SchemaFiles.definition(shape.word());
        Set<String> keys =
                definition.fields().get("propertyNames") instanceof Value.Struct names
                        ? texts(names.fields().get("enum"))
                        : struct(definition, "properties").fields().keySet();
        assertThat(keys).containsExactlyInAnyOrderElementsOf(shape.keys());
        assertThat(texts(definition.fields().get("required")))
                .containsExactlyInAnyOrderElementsOf(shape.required());
    }

    @Test
    void describesEveryKeywordOfAJsonSchema() {
        assertThat(struct(SchemaFiles.definition("schema-keywords"), "properties").fields())
                .containsOnlyKeys(SchemaKeyword.names());
    }

    @ParameterizedTest
    @EnumSource(
            value = Shape.class,
            names = {"SCRIPT", "JSON_SCHEMA", "INPUT", "OUTPUT", "RESULT"},
            mode = EnumSource.Mode.EXCLUDE)
    void refusesUnknownKeys(Shape shape) {
        assertThat(SchemaFiles.definition(shape.word()).fields())
                .containsEntry("additionalProperties", Value.of(false));
    }

    @Test
    void isPublishedUnderTheNamesOfTheKinds() {
        assertThat(PublishedSchemas.NAMES)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Stream.of("formwork"), kinds().map(SchemaFiles::name))
                                .toList());
        assertThat(Samples.problems(() -> PublishedSchemas.text("taks")))
                .containsExactly("schema.unknown: there is no schema taks (did you mean task?)");
    }

    @Test
    void hasTheRulesForNames() {
        assertThat(pattern("identifier")).isEqualTo(whole(Names.IDENTIFIER.pattern()));
        assertThat(pattern("label")).isEqualTo(whole(Names.LABEL.pattern()));
        assertThat(pattern("module-name")).isEqualTo(whole(Names.MODULE.pattern()));
        assertThat(pattern("version")).isEqualTo(whole(Kinds.SEMVER.pattern()));
        assertThat(pattern("duration")).isEqualTo(whole(Durations.PARTS.pattern()));
        assertThat(pattern("node")).isEqualTo(whole(ModuleTestLoader.NODE.pattern()));
    }

    @Test
    void hasTheWordsOfEffectsAndRepeat() {
        Value.Struct task = struct(SchemaFiles.definition("task"), "properties");
        assertThat(texts(struct(struct(task, "effects"), "items").fields().get("enum")))
                .containsExactlyInAnyOrderElementsOf(Effect.words());
        assertThat(texts(struct(task, "repeat").fields().get("enum")))
                .containsExactlyInAnyOrderElementsOf(Repeat.words());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void isCutOutOfTheCombinedSchema(String kind) {
        assertThat(ValueJson.read(SchemaFiles.text(SchemaFiles.file(kind))))
                .as("run SchemaFiles.main in engine/model")
                .isEqualTo(SchemaFiles.cutOut(kind));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void acceptsWhatTheLoaderLoads(String kind) {
        String sample = sample(kind);
        assertThat(load(kind, sample)).isEmpty();
        assertThat(errors(SchemaFiles.file(kind), sample)).isEmpty();
        assertThat(errors("formwork.schema.json", sample)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void refusesAnUnknownKeyAsTheLoaderDoes(String kind) {
        String sample = sample(kind) + "unknown: 1\n";
        assertThat(load(kind, sample)).singleElement().asString().contains("yaml.unknown-key");
        assertThat(errors(SchemaFiles.file(kind), sample)).isNotEmpty();
        assertThat(errors("formwork.schema.json", sample)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name: Etcd",
                "version: '1.0'",
                "provides: [x, x]",
                "effects: [reboots]",
                "repeat: never",
                "timeout: 5 minutes",
                "check: 5",
                "inputs: {a: string}",
                "inputs: {A: {}}",
                "inputs: {a: {typ: string}}",
                "inputs: {a: {type: text}}",
                "inputs: {a: {secret: 1}}",
                "inputs: {a: {on_change: rerun}}",
                "inputs: {a: {properties: {b: {secret: true}}}}",
                "inputs: {a: {$ref: 'https://example.org'}}",
                "inputs: {a: {items: {minLength: -1}}}",
                "inputs: {a: {required: true}}",
                "outputs: {a: {on_change: ignore}}",
                "container: {}",
                "runner: container",
                "container: {image: 'docker.io/a@sha256:" + DIGEST + "'}",
                "runner: container\ncontainer: {image: alpine}",
                "runner: container\ncontainer: {image: 'docker.io/library/alpine'}",
                "runner: container\ncontainer: {image: 'docker.io/library/alpine:3'}",
                "runner: container\ncontainer: {image: 'docker.io/Alpine@sha256:" + DIGEST + "'}",
                "runner: container\ncontainer: {image: 'docker.io/a@sha256:"
                        + DIGEST
                        + "', archive: {url: 'http://a/b', sha256: "
                        + DIGEST
                        + "}}",
                "runner: container\ncontainer: {archive: {url: 'ftp://a', sha256: " + DIGEST + "}}",
                "runner: container\ncontainer: {archive: {url: 'http://a/b', sha256: 0a}}",
                "runner: container\ncontainer: {archive: {url: 'http://a/b'}}",
                "runner: container\ncontainer: {image: 'docker.io/a@sha256:"
                        + DIGEST
                        + "', network: bridge}",
                "runner: container\ncontainer: {image: 'docker.io/a@sha256:"
                        + DIGEST
                        + "', command: sh}",
                "runner: container\ncontainer: {image: 'docker.io/a@sha256:"
                        + DIGEST
                        + "', mounts: [/etc]}",
                "runner: container\ncontainer: {image: 'docker.io/a@sha256:"
                        + DIGEST
                        + "', mounts: [{path: etc}]}",
                "runner: container\ncontainer: {image: 'docker.io/a@sha256:"
                        + DIGEST
                        + "', mounts: [{path: /a/../b}]}",
                "runner: container\ncontainer: {image: 'docker.io/a@sha256:"
                        + DIGEST
                        + "', mounts: [{path: /a, to: /b}]}",
                "runner: container\ncontainer: {image: 'docker.io/a@sha256:"
                        + DIGEST
                        + "', user: root}",
                "ansible: {}",
                "runner: shell\nansible: {}",
                "check: true",
                "check: false",
                "runner: ansible\nansible: {groups: [Web]}",
                "runner: ansible\nansible: {groups: [all]}",
                "runner: ansible\nansible: {groups: [a], inventory: names}",
                "runner: ansible\nansible: {inventory: [names]}",
                "runner: ansible\nansible: {tags: ['a,b']}",
                "runner: ansible\nansible: {become: true}",
                "runner: ansible\nansible: {diff: often}",
                "terraform: {}",
                "undo: true",
                "run: {url: 'http://a'}",
                "undo: {url: 'http://a'}",
                "undo: {}",
                "undo: {file: scripts/start.sh, inline: x}",
                "undo: {fil: scripts/start.sh}",
            })
    void refusesInATaskWhatTheLoaderRefuses(String line) {
        refusedByBoth("Task", line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run: {file: infra/main.tf}",
                "run: {url: 'http://a'}",
                "check: infra",
                "check: {inline: x}",
                "check: false",
                "undo: infra",
                "undo: false",
                "terraform: {binary: terragrunt}",
                "terraform: {binary: 'tofu -v'}",
                "terraform: {state: ../a}",
                "terraform: {state: a/.b}",
                "terraform: {state: a, backend: true}",
                "terraform: {backend: s3}",
                "terraform: {workspace: [a]}",
                "terraform: {targets: a.b}",
                "terraform: {targets: [-destroy]}",
                "terraform: {targets: ['a b']}",
                "terraform: {parallelism: 3}",
            })
    void refusesInAConfigurationWhatTheLoaderRefuses(String line) {
        String sample =
                """
                kind: Task
                name: a/b
                version: 1.0.0
                runner: terraform
                """;
        String run = "run: infra\n";
        String good = run + "check: true\nundo: true\nterraform: {binary: tofu, state: a/b}\n";
        assertThat(configuration(sample + good)).isEmpty();
        assertThat(errors("task.schema.json", sample + good)).isEmpty();
        String wrong = sample + (line.startsWith("run") ? "" : run) + line;
        assertThat(configuration(wrong)).isNotEmpty();
        assertThat(errors("task.schema.json", wrong)).isNotEmpty();
    }

    private static List<String> configuration(String yaml) {
        return Samples.problems(() ->
                ModuleLoader.load(Samples.tree(Map.of("module.yaml", yaml, "infra/main.tf", ""))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run: scripts/start.sh",
                "run: {method: GET}",
                "run: {url: 'ftp://a'}",
                "run: {url: 'http://a', method: FETCH}",
                "run: {url: 'http://a', method: POST}",
                "run: {url: 'http://a', body: a, json: b}",
                "run: {url: 'http://a', expect: ok}",
                "run: {url: 'http://a', expect: [99]}",
                "run: {url: 'http://a', headers: {'a b': c}}",
                "run: {url: 'http://a', headers: [a]}",
                "run: {url: 'http://a', match: []}",
                "run: {url: 'http://a', outputs: {id: id}}",
                "run: {url: 'http://a', outputs: {id: {head: x}}}",
                "run: {url: 'http://a', timeout: soon}",
                "run: {url: 'http://a', insecure: true}",
                "check: {url: 'http://a', method: DELETE}",
            })
    void refusesInACallWhatTheLoaderRefuses(String line) {
        String sample =
                """
                kind: Task
                name: a/b
                version: 1.0.0
                outputs: {id: {type: string}}
                runner: http
                run: {url: 'http://a/b'}
                """;
        assertThat(load("Task", sample)).isEmpty();
        assertThat(errors("task.schema.json", sample)).isEmpty();
        String wrong =
                line.startsWith("run") ? sample.replaceFirst("run: .*", "") + line : sample + line;
        assertThat(load("Task", wrong)).isNotEmpty();
        assertThat(errors("task.schema.json", wrong)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "groups: [engine]",
                "steps: {a: {uses: x}}",
                "steps: {a: {uses: x, on: 'members[x]'}}",
                "steps: {a: {uses: x, on: engine, groups: {}}}",
                "steps: {a: {uses: x, on: peer}}",
                "steps: {a: {uses: x, on: engine, needs: {b: some}}}",
                "steps: {a: {uses: x, on: engine, retry: {times: 0}}}",
                "steps: {a: {uses: x, on: engine, retry: 3}}",
                "steps: {a: {uses: x, on: engine, until: {condition: outputs.a}}}",
                "steps: {a: {uses: x, on: engine, until: {condition: outputs.a, max: 0}}}",
                "steps: {a: {uses: x, on: engine, strategy: {max_parallel: 0}}}",
                "steps: {a: {uses: x, on: engine, on_failure: retry}}",
                "steps: {a: {uses: x, on: engine, on_failure: {}}}",
                "on_failure: never",
                "on_failure: {run: A}",
                "steps: {a: {uses: x, on: engine, strategy: {max_parallel: 1, when: never}}}",
                "steps: {a: {uses: x, on: engine, strategy: {max_parallel: 0%}}}",
                "steps: {a: {uses: x, on: engine, strategy: {max_parallel: 101%}}}",
                "steps: {a: {uses: x, on: engine, strategy: {max_parallel: 2, canary: few}}}",
                "steps: {a: {uses: x, on: engine, strategy: {max_parallel: 2, max_failures: -1}}}",
                "steps: {a: {uses: x, on: engine, strategy: {max_parallel: 2, gate: A}}}",
                "steps: {a: {uses: x, on: engine, for_each: {max: 1}}}",
                "steps: {a: {uses: x, on: engine, for_each: [1]}}",
                "steps: {a: {uses: x, on: engine, when: ''}}",
                "steps: {a: {uses: x, on: engine, partial: yes}}",
                "steps: {a: {uses: x, on: engine, parallel: 2}}",
                "steps: {a: {uses: x, on: engine, mutex: 'with blanks'}}",
                "steps: {a: {uses: x, on: engine, mutex: 7}}",
                "steps: {a: {uses: x, on: engine, mutex: {max: 2}}}",
                "steps: {a: {uses: x, on: engine, mutex: {name: db, max: 0}}}",
                "steps: {a: {uses: x, on: engine, bind: {A: b}}}",
                "outputs: {a: {secret: true}}",
            })
    void refusesInAWorkflowWhatTheLoaderRefuses(String line) {
        refusedByBoth("Workflow", line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "workflow: Etcd",
                "profiles: small",
                "groups: {g: {count: 3}}",
                "groups: {g: {count: 3, provider: local, machines: [a]}}",
                "groups: {g: {machines: [a], machine: {}}}",
                "groups: {g: {count: -1, provider: local}}",
                "groups: {g: {place: [{provider: a}]}}",
                "groups: {g: {count: 1, place: []}}",
                "groups: {g: {count: 1, place: {provider: a}}}",
                "groups: {g: {count: 1, on_quota: next}}",
                "groups: {g: {count: 1, provider: a, prefer: cheapest}}",
                "groups: {g: {count: 1, provider: a, place: [{provider: a}]}}",
                "groups: {g: {machines: [m], place: [{provider: a}]}}",
                "groups: {g: {count: 1, place: [{machine: {}}]}}",
                "groups: {g: {count: 1, place: [{provider: a, price: 1}]}}",
                "groups: {g: {count: 1, place: [{provider: a, weight: 0}]}}",
                "groups: {g: {count: 1, place: [{provider: a, most: 0}]}}",
                "groups: {g: {count: 1, place: [{provider: a, when: ''}]}}",
                "groups: {g: {count: 1, on_quota: again, place: [{provider: a}]}}",
                "groups: {g: {count: 1, prefer: dearest, place: [{provider: a}]}}",
                "with: {A: 1}",
            })
    void refusesInAClusterWhatTheLoaderRefuses(String line) {
        refusedByBoth("Cluster", line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "currency: euro",
                "currency: 5",
                "prices: {provider: a, per_hour: 1}",
                "prices: [{provider: a}]",
                "prices: [{per_hour: 1}]",
                "prices: [{provider: a, per_hour: -1}]",
                "prices: [{provider: a, per_hour: cheap}]",
                "prices: [{provider: a, per_hour: '0.0000000001'}]",
                "prices: [{provider: a, per_hour: [1]}]",
                "prices: [{provider: a, per_hour: 1, machine: small}]",
                "prices: [{provider: a, per_hour: 1, zone: z}]",
            })
    void refusesInPricesWhatTheLoaderRefuses(String line) {
        refusedByBoth("Prices", line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kernel: {url: 'https://a/b'}",
                "kernel: {url: a, sha256: " + DIGEST + "}",
                "initrds: {url: 'https://a/b', sha256: " + DIGEST + "}",
                "arguments: quiet",
                "arguments: [[quiet]]",
                "files: [preseed.cfg]",
                "files: {../preseed.cfg: a}",
                "files: {/preseed.cfg: a}",
                "files: {'a b': a}",
                "files: {a: 5}",
                "files: {a: {}}",
                "files: {a: {text: a, json: a}}",
                "files: {a: {yaml: a}}",
                "installs: once",
                "outputs: {a: {}}",
            })
    void refusesInABootEnvironmentWhatTheLoaderRefuses(String line) {
        refusedByBoth("BootEnvironment", line);
    }

    private static void refusedByBoth(String kind, String line) {
        String key = line.substring(0, line.indexOf(':'));
        // Replaces the sample's own block of that key.
        String sample = sample(kind).replaceFirst("(?m)^" + key + ":.*\\n( .*\\n)*", "") + line;
        assertThat(load(kind, sample)).isNotEmpty();
        assertThat(errors(SchemaFiles.file(kind), sample)).isNotEmpty();
        assertThat(errors("formwork.schema.json", sample)).isNotEmpty();
    }

    private static String sample(String kind) {
        String sample = SAMPLES.get(kind);
        return sample == null ? "" : sample;
    }

    private static List<String> load(String kind, String yaml) {
        return Samples.problems(() -> {
            switch (kind) {
                case "Cluster" -> ClusterLoader.load("c.yaml", yaml);
                case "Profile" -> ProfileLoader.loadAll("p.yaml", yaml);
                case "Pool" -> PoolLoader.load("p.yaml", yaml);
                case "BootServer" -> BootServerLoader.load("b.yaml", yaml);
                case "Prices" -> PriceLoader.load("p.yaml", yaml);
                case "Pack" -> PackLoader.load(Samples.tree(Map.of(PackLoader.FILE, yaml)));
                case "Test" -> ModuleTestLoader.load("t.yaml", yaml);
                default -> Samples.module(yaml);
            }
        });
    }

    /// What a validator says of the YAML. It is read without the loader's own checks.
    private static List<Error> errors(String file, String yaml) {
        Decoding context = new Decoding("x.yaml");
        Value value = YamlReader.read(yaml, context).getFirst().plain();
        Schema schema = REGISTRY.getSchema(SchemaFiles.text(file), InputFormat.JSON);
        return schema.validate(ValueJson.write(value), InputFormat.JSON);
    }

    private static Value.Struct struct(Value.Struct in, String key) {
        return (Value.Struct) in.fields().getOrDefault(key, Value.Struct.EMPTY);
    }

    private static Set<String> texts(@Nullable Value value) {
        return value instanceof Value.Sequence(List<Value> items)
                ? items.stream().map(Value::toString).collect(Collectors.toSet())
                : Set.of();
    }

    private static String pattern(String definition) {
        return String.valueOf(SchemaFiles.definition(definition).fields().get("pattern"));
    }

    private static String whole(String pattern) {
        return "^(" + pattern + ")$";
    }
}
