package dev.formwork.server.module;

import dev.formwork.model.schema.PublishedSchemas;
import dev.formwork.server.api.Answers;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Serves the documents that editors and clients work from: the schemas of the YAML files, and the
/// API's own contract.
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class SchemaController {
    @Get("/schemas/{kind}.json")
    HttpResponse<byte[]> schema(@PathVariable String kind) {
        return Answers.bytes(
                HttpStatus.OK,
                PublishedSchemas.text(kind).getBytes(StandardCharsets.UTF_8),
                "application/schema+json");
    }

    @Get("/openapi.yaml")
    HttpResponse<byte[]> contract() {
        return Answers.bytes(
                HttpStatus.OK, resource("/dev/formwork/server/openapi.yaml"), "application/yaml");
    }

    private static byte[] resource(String path) {
        try (InputStream in = SchemaController.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the engine's jars lack " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
