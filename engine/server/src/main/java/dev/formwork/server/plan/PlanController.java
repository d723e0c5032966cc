package dev.formwork.server.plan;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.security.Caller;
import dev.formwork.server.shard.Peers;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Makes, shows and approves plans.
@Controller("/api/v1/plans")
@ExecuteOn(TaskExecutors.BLOCKING)
final class PlanController {
    private static final long DAY = 86_400;
    private static final long LONGEST = 30 * DAY;

    private final PlanService plans;
    private final Peers peers;

    PlanController(PlanService plans, Peers peers) {
        this.peers = peers;
        this.plans = plans;
    }

    @Post
    HttpResponse<byte[]> make(HttpRequest<byte[]> request) {
        Wish wish = ApiJson.read(request.getBody(), PlanBody.class).wish();
        return peers.answer(
                request,
                PlanService.shard(wish),
                () -> Answers.created(PlanView.of(plans.make(wish))));
    }

    @Get("/{digest}")
    HttpResponse<byte[]> show(@PathVariable String digest) {
        return Answers.ok(PlanView.of(plans.show(digest)));
    }

    @Post("/{digest}/approve")
    HttpResponse<byte[]> approve(HttpRequest<byte[]> request, @PathVariable String digest) {
        long seconds =
                ApiJson.read(request.getBody(), ApprovalBody.class).expiresInSeconds().orElse(DAY);
        if (seconds < 1 || seconds > LONGEST) {
            throw ProblemException.of(
                    "request.malformed",
                    "an approval is good for 1 to %d seconds".formatted(LONGEST),
                    null);
        }
        return peers.answer(
                request,
                plans.shard(digest),
                () ->
                        Answers.ok(
                                PlanView.ApprovalView.of(
                                        plans.approve(
                                                digest,
                                                Duration.ofSeconds(seconds),
                                                Caller.of(request)))));
    }

    private record ApprovalBody(Optional<Long> expiresInSeconds) {}

    private record PlanBody(
            Optional<String> kind,
            Optional<List<String>> packs,
            Optional<Boolean> refresh,
            Optional<String> clusterYaml,
            Optional<String> clusterFile,
            Optional<String> cluster,
            Optional<String> module,
            Optional<List<String>> machines,
            Optional<String> where,
            Optional<Value.Struct> with) {

        Wish wish() {
            return new Wish(goal(), packs.orElse(List.of()), refresh.orElse(true));
        }

        private Wish.Goal goal() {
            return switch (kind.orElse("")) {
                case "apply" ->
                        new Wish.Goal.Apply(
                                clusterFile.orElse("cluster.yaml"),
                                require(clusterYaml, "cluster_yaml"));
                case "destroy" -> new Wish.Goal.Destroy(require(cluster, "cluster"));
                case "module" ->
                        new Wish.Goal.RunModule(
                                require(module, "module"),
                                machines.orElse(List.of()),
                                where,
                                with.orElse(Value.Struct.EMPTY));
                default ->
                        throw Problem.of(
                                        "request.malformed",
                                        "kind says what is planned",
                                        "one of apply, destroy, module")
                                .exception();
            };
        }

        private String require(Optional<String> value, String key) {
            return value.orElseThrow(() ->
                    ProblemException.of(
                            "request.missing-key",
                            "a plan of kind %s needs %s".formatted(kind.orElse(""), key),
                            null));
        }
    }
}
