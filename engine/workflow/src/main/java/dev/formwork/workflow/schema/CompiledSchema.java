package dev.formwork.workflow.schema;

import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.path.PathType;
import com.networknt.schema.regex.RegularExpression;

import dev.formwork.model.value.Value;
import dev.formwork.workflow.schema.Complaints.Complaint;
import dev.formwork.workflow.schema.Schemas.Fault;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A schema that is ready to validate, or what is wrong with it. Immutable and thread-safe.
final class CompiledSchema {
    private static final ExecutionConfig BOUNDED =
            ExecutionConfig.builder()
                    .formatAssertionsEnabled(true)
                    .maxEvaluationSteps(1_000_000)
                    .maxEvaluationDepth(512)
                    .build();

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    registry ->
                            registry.schemaCacheEnabled(false)
                                    .schemaRegistryConfig(
                                            SchemaRegistryConfig.builder()
                                                    .formatAssertionsEnabled(true)
                                                    .locale(Locale.ROOT)
                                                    .pathType(PathType.JSON_POINTER)
                                                    .regularExpressionFactory(
                                                            CompiledSchema::linearTime)
                                                    .build()));

    /// From the library's own jar.
    private static final Schema META_SCHEMA =
            REGISTRY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    private final JsonNode json;
    private final @Nullable Schema schema;
    private final List<Fault> faults;

    private CompiledSchema(JsonNode json, @Nullable Schema schema, List<Fault> faults) {
        this.json = json;
        this.schema = schema;
        this.faults = faults;
    }

    static CompiledSchema of(Value.Struct source) {
        JsonNode json = JsonValues.toJson(source);
        List<Fault> faults = Keywords.faults(source);
        if (faults.isEmpty()) {
            faults = metaFaults(source, json);
        }
        if (!faults.isEmpty()) {
            return new CompiledSchema(json, null, faults);
        }
        try {
            Schema schema = REGISTRY.getSchema(json);
            schema.initializeValidators();
            return new CompiledSchema(json, schema, List.of());
        } catch (SchemaException | StackOverflowError _) {
            return new CompiledSchema(
                    json,
                    null,
                    List.of(
                            new Fault(
                                    "",
                                    "can't be used",
                                    Optional.of("does each $ref point at something?"))));
        }
    }

    private static List<Fault> metaFaults(Value.Struct source, JsonNode json) {
        try {
            Complaints complaints = new Complaints(source, META_SCHEMA.getSchemaNode());
            return complaints.about(validate(META_SCHEMA, json)).stream()
                    .map(CompiledSchema::fault)
                    .toList();
        } catch (ValidationLimitExceededException | StackOverflowError _) {
            return List.of(new Fault("", "is too big", Optional.empty()));
        }
    }

    private static Fault fault(Complaint complaint) {
        return new Fault(
                complaint.pointer(), complaint.detail(), Optional.ofNullable(complaint.hint()));
    }

    /// As JSON Schema wants it: anywhere in the text. RE2 takes linear time.
    private static RegularExpression linearTime(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return text -> compiled.matcher(text).find();
    }

    JsonNode json() {
        return json;
    }

    List<Fault> faults() {
        return faults;
    }

    /// Only where there are no faults.
    List<Error> validate(JsonNode value) {
        if (schema == null) {
            throw new IllegalStateException("the schema has faults");
        }
        return validate(schema, value);
    }

    private static List<Error> validate(Schema schema, JsonNode value) {
        return schema.validate(
                value, (ExecutionContext context) -> context.setExecutionConfig(BOUNDED));
    }
}
