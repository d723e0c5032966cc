package dev.formwork.server.module;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.yaml.ModuleLoader;
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
import java.util.List;

/// Serves the documents that editors and clients work from: the schemas of the YAML files, and the
/// API's own contract.
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class SchemaController {
    private static final List<String> KINDS =
            List.of(
                    "formwork",
                    "task",
                    "workflow",
                    "interface",
                    "cluster",
                    "profile",
                    "pack",
                    "test");

    @Get("/schemas/{kind}.json")
    HttpResponse<byte[]> schema(@PathVariable String kind) {
        if (!KINDS.contains(kind)) {
            throw ProblemException.of(
                    "schema.unknown",
                    "there is no schema of " + Names.abbreviate(kind),
                    "there are " + String.join(", ", KINDS));
        }
        return Answers.bytes(
                HttpStatus.OK,
                resource("/dev/formwork/model/schema/" + kind + ".schema.json", ModuleLoader.class),
                "application/schema+json");
    }

    @Get("/openapi.yaml")
    HttpResponse<byte[]> contract() {
        return Answers.bytes(
                HttpStatus.OK,
                resource("/dev/formwork/server/openapi.yaml", SchemaController.class),
                "application/yaml");
    }

    private static byte[] resource(String path, Class<?> beside) {
        try (InputStream in = beside.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the engine's jars lack " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
