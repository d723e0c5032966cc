package dev.formwork.server.api;

import java.util.Map;

/// Which HTTP status a code is answered with. What is not named here is 422: the request was
/// understood and can't be done as it is.
final class Statuses {
    private static final Map<String, Integer> BY_CODE =
            Map.ofEntries(
                    Map.entry("auth.required", 401),
                    Map.entry("auth.refused", 401),
                    Map.entry("agent.unauthorized", 401),
                    Map.entry("agent.forbidden", 403),
                    Map.entry("boot.held", 403),
                    Map.entry("boot.unknown-machine", 403),
                    Map.entry("agent.no-package", 404),
                    Map.entry("agent.package-digest", 404),
                    Map.entry("request.not-found", 404),
                    Map.entry("request.method", 405),
                    Map.entry("request.not-acceptable", 406),
                    Map.entry("agent.token-used", 409),
                    Map.entry("boot.asking", 409),
                    Map.entry("boot.machine-alive", 409),
                    Map.entry("boot.not-wanted", 409),
                    Map.entry("boot.token-used", 409),
                    Map.entry("boot.too-many-strangers", 409),
                    Map.entry("boot.unclear-machine", 409),
                    Map.entry("job.fenced", 409),
                    Map.entry("job.log-gap", 409),
                    Map.entry("machine.held", 409),
                    Map.entry("machine.in-use", 409),
                    Map.entry("machine.nothing-to-approve", 409),
                    Map.entry("machine.which-boot", 409),
                    Map.entry("node.not-failed", 409),
                    Map.entry("node.not-skippable", 409),
                    Map.entry("node.nothing-asked", 409),
                    Map.entry("plan.approval-expired", 409),
                    Map.entry("plan.not-approved", 409),
                    Map.entry("plan.stale", 409),
                    Map.entry("plan.used", 409),
                    Map.entry("pool.in-use", 409),
                    Map.entry("pool.not-dirty", 409),
                    Map.entry("pool.not-free", 409),
                    Map.entry("pool.too-few", 409),
                    Map.entry("replay.not-recorded", 409),
                    Map.entry("replay.run-open", 409),
                    Map.entry("run.cancelling", 409),
                    Map.entry("run.cluster-busy", 409),
                    Map.entry("run.not-open", 409),
                    Map.entry("run.succeeded", 409),
                    Map.entry("run.superseded", 409),
                    Map.entry("event.pruned", 410),
                    Map.entry("request.no-length", 411),
                    Map.entry("request.too-large", 413),
                    Map.entry("request.media-type", 415),
                    Map.entry("engine.elsewhere", 421),
                    Map.entry("request.host", 421),
                    Map.entry("engine.lost", 503),
                    Map.entry("engine.shards-busy", 503),
                    Map.entry("engine.unreachable", 503),
                    Map.entry("server.busy", 503),
                    Map.entry("server.starting", 503),
                    Map.entry("server.stopping", 503),
                    Map.entry("server.internal", 500));

    private Statuses() {}

    static int of(String code) {
        Integer named = BY_CODE.get(code);
        if (named != null) {
            return named;
        }
        String area = code.substring(0, code.indexOf('.'));
        String reason = code.substring(code.indexOf('.') + 1);
        if (reason.equals("unknown") || reason.equals("not-found")) {
            return 404;
        }
        return switch (area) {
            case "request", "protocol" -> 400;
            case "store" -> 503;
            case "provider" -> reason.startsWith("invalid") ? 422 : 502;
            default -> 422;
        };
    }
}
