package dev.formwork.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whatever comes in: a message, or a [ProtocolException].
final class ProtocolJsonPropertiesTest {
    private static final List<Class<?>> MESSAGES =
            List.of(
                    Job.class,
                    Report.class,
                    Poll.class,
                    Polled.class,
                    Register.class,
                    Registered.class,
                    Started.class,
                    LogAck.class,
                    Cancel.class,
                    Facts.class,
                    FactsUpdate.class,
                    ProblemAnswer.class);

    @Property
    void takesAnyBytes(@ForAll @Size(max = 200) byte[] bytes) {
        MESSAGES.forEach(type -> readOrRefuse(bytes, type));
    }

    @Property
    void takesAnyJson(@ForAll("json") String json) {
        MESSAGES.forEach(type -> readOrRefuse(json.getBytes(StandardCharsets.UTF_8), type));
    }

    @Property
    void takesAJobWithAnyByteChanged(
            @ForAll("jobs") Job job, @ForAll int place, @ForAll byte with) {
        byte[] bytes = ProtocolJson.write(job);
        bytes[Math.floorMod(place, bytes.length)] = with;

        readOrRefuse(bytes, Job.class);
    }

    @Property
    void takesAJobThatIsCutAnywhere(@ForAll("jobs") Job job, @ForAll int place) {
        byte[] bytes = ProtocolJson.write(job);

        readOrRefuse(Arrays.copyOf(bytes, Math.floorMod(place, bytes.length)), Job.class);
    }

    @Property
    void readsEveryJobThatItWrites(@ForAll("jobs") Job job) {
        assertThat(ProtocolJson.read(ProtocolJson.write(job), Job.class)).isEqualTo(job);
    }

    @Property
    void readsEveryListOfEnginesThatItWrites(
            @ForAll @Size(max = 5) List<String> engines, @ForAll("jobs") Job job) {
        Polled polled = new Polled(List.of(job), List.of(), engines);
        Registered registered = new Registered("m-1", "n", "e-1", 30, engines);

        assertThat(ProtocolJson.read(ProtocolJson.write(polled), Polled.class)).isEqualTo(polled);
        assertThat(ProtocolJson.read(ProtocolJson.write(registered), Registered.class))
                .isEqualTo(registered);
    }

    private static void readOrRefuse(byte[] bytes, Class<?> type) {
        try {
            assertThat(ProtocolJson.read(bytes, type)).isInstanceOf(type);
        } catch (ProtocolException e) {
            assertThat(e.code()).matches("[a-z]+\\.[a-z-]+");
        }
    }

    @Provide
    Arbitrary<String> json() {
        Arbitrary<String> names =
                Arbitraries.of(
                        "id", "token", "phase", "mode", "jobs", "cancel", "job", "facts", "os",
                        "outcome", "next", "script", "path", "inline", "outputs", "inputs",
                        "engines");
        Arbitrary<String> leaves =
                Arbitraries.oneOf(
                        Arbitraries.of("null", "true", "1", "-1", "1.5", "1e999", "{}", "[]"),
                        Arbitraries.integers().map(String::valueOf),
                        Arbitraries.strings().alpha().ofMaxLength(8).map(s -> "\"" + s + "\""));
        return Arbitraries.recursive(() -> leaves, inner -> nest(names, inner), 0, 4);
    }

    private static Arbitrary<String> nest(Arbitrary<String> names, Arbitrary<String> inner) {
        Arbitrary<String> fields =
                Combinators.combine(names, inner).as((name, value) -> "\"" + name + "\":" + value);
        return Arbitraries.oneOf(
                inner.list().ofMaxSize(3).map(values -> "[" + String.join(",", values) + "]"),
                fields.list().ofMaxSize(5).map(values -> "{" + String.join(",", values) + "}"));
    }

    @Provide
    Arbitrary<Job> jobs() {
        Arbitrary<String> texts = Arbitraries.strings().ofMaxLength(20);
        Arbitrary<String> ids =
                Arbitraries.strings()
                        .withCharRange('a', 'z')
                        .numeric()
                        .ofMinLength(1)
                        .ofMaxLength(20);
        return Combinators.combine(
                        ids,
                        Arbitraries.longs().between(0, Long.MAX_VALUE),
                        Arbitraries.of(JobMode.class),
                        texts.injectNull(0.3),
                        texts,
                        Arbitraries.maps(ids, texts).ofMaxSize(3),
                        Arbitraries.longs().between(0, 1L << 40))
                .as(ProtocolJsonPropertiesTest::job);
    }

    private static @Nullable ContainerSpec container(@Nullable String image, String id) {
        return new ContainerSpec(
                image,
                image == null ? new ContainerSpec.Archive("http://" + id, "0".repeat(64)) : null,
                true,
                List.of(id),
                "none",
                List.of(new ContainerSpec.Mount("/" + id, "/", true)));
    }

    private static Job job(
            String id,
            long token,
            JobMode mode,
            @Nullable String cluster,
            String text,
            Map<String, String> inputs,
            long size) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        inputs.forEach((name, value) -> values.put(name, ProtocolJson.string(value)));
        return new Job(
                new JobId(id),
                token,
                1,
                2,
                mode,
                text,
                cluster,
                text,
                cluster,
                new ModuleRef(text, text, new ModuleDigest("sha256:" + "0".repeat(64))),
                text,
                container(cluster, id),
                new AnsibleSpec(
                        cluster,
                        List.of(id),
                        null,
                        cluster,
                        null,
                        List.of(id, text),
                        List.of(),
                        id.length() > 3),
                new TerraformSpec(text, true, cluster, null, List.of(id), List.of(text)),
                new ScriptRef.Inline(text),
                new ScriptRef.FromFile("a/" + id),
                values,
                List.copyOf(inputs.keySet()),
                values,
                size,
                size,
                new JobLimits(size, size),
                size,
                text);
    }
}
