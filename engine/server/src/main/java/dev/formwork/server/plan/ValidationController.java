package dev.formwork.server.plan;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.model.yaml.PackLoader;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.api.ProblemAnswer;
import dev.formwork.server.module.ModuleRef;
import dev.formwork.server.module.PackStore;
import dev.formwork.server.module.Upload;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Says everything that is wrong with a pack and a cluster, and stores nothing.
@Controller("/api/v1/validations")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ValidationController {
    private final PackStore packs;
    private final PlanService plans;

    ValidationController(PackStore packs, PlanService plans) {
        this.packs = packs;
        this.plans = plans;
    }

    @Post
    HttpResponse<byte[]> validate(HttpRequest<byte[]> request) {
        ValidationBody wanted = ApiJson.read(request.getBody(), ValidationBody.class);
        Problems problems = new Problems();
        Catalog uploaded =
                wanted.files()
                        .flatMap(files ->
                                collect(
                                        problems,
                                        () -> PackLoader.load(Upload.ofBase64(files)).catalog()))
                        .orElse(Catalog.EMPTY);
        Optional<ClusterSpec> cluster =
                wanted.clusterYaml()
                        .flatMap(yaml ->
                                collect(
                                        problems,
                                        () ->
                                                ClusterLoader.load(
                                                        wanted.clusterFile().orElse("cluster.yaml"),
                                                        yaml)));
        if (problems.isEmpty() && cluster.isPresent()) {
            collect(
                    problems,
                    () -> {
                        plans.validate(
                                cluster.get(),
                                packs.library(wanted.packs().orElse(List.of())).with(uploaded));
                        return true;
                    });
        }
        return Answers.ok(
                new Validation(
                        problems.isEmpty(),
                        problems.all().stream().map(ProblemAnswer.One::of).toList(),
                        uploaded.modules().values().stream().map(ModuleRef::of).toList()));
    }

    private static <T> Optional<T> collect(Problems problems, Supplier<T> work) {
        try {
            return Optional.of(work.get());
        } catch (ProblemException e) {
            List<Problem> found = e.problems();
            problems.addAll(found);
            return Optional.empty();
        }
    }

    private record ValidationBody(
            Optional<Map<String, String>> files,
            Optional<List<String>> packs,
            Optional<String> clusterYaml,
            Optional<String> clusterFile) {}

    private record Validation(
            boolean valid, List<ProblemAnswer.One> problems, List<ModuleRef> modules) {}
}
