package dev.formwork.server.module;

import dev.formwork.server.api.Answers;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.util.List;

/// Lists modules.
@Controller("/api/v1/modules")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ModuleController {
    private final PackStore packs;

    ModuleController(PackStore packs) {
        this.packs = packs;
    }

    @Get
    HttpResponse<byte[]> list(@QueryValue(defaultValue = "") List<String> pack) {
        return Answers.items(
                packs.library(named(pack)).catalog().modules().values().stream()
                        .map(ModuleRef::of)
                        .toList());
    }

    @Get("/{name:.+}")
    HttpResponse<byte[]> show(
            @PathVariable String name, @QueryValue(defaultValue = "") List<String> pack) {
        Library library = packs.library(named(pack));
        return Answers.ok(ModuleView.of(library.catalog().require(name), library.catalog()));
    }

    private static List<String> named(List<String> pack) {
        return pack.stream().filter(digest -> !digest.isEmpty()).toList();
    }
}
