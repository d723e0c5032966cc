package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.Error;
import com.google.cloud.compute.v1.Errors;
import com.google.cloud.compute.v1.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The operations of a project. Guarded by the project.
///
/// Time passes for an operation when somebody asks for it: at the first time it runs, at the second
/// it is done.
final class ProjectOperations {
    private final LongSupplier ids;
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<String, Runnable> outcomes = new HashMap<>();
    private final Map<String, String> requests = new HashMap<>();
    private @Nullable Errors nextFailure;
    private boolean areHidden;

    ProjectOperations(LongSupplier ids) {
        this.ids = ids;
    }

    /// The next operation fails so.
    void failNext(String code, String message) {
        nextFailure = Errors.newBuilder().setCode(code).setMessage(message).build();
    }

    boolean isFailing() {
        return nextFailure != null;
    }

    void forgetAll() {
        operations.clear();
    }

    void hide() {
        areHidden = true;
    }

    List<Operation> newestFirst(String zone) {
        return operations.values().stream()
                .filter(each -> each.getZone().endsWith("/" + zone))
                .toList()
                .reversed();
    }

    /// Does something once for each id of a request.
    Operation once(String requestId, Supplier<Operation> change) {
        if (requestId.isEmpty()) {
            return change.get();
        }
        if (!requestId.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                || requestId.matches("[0-]*")) {
            throw ComputeProject.invalid("requestId", requestId);
        }
        String known = requests.get(requestId);
        if (known != null) {
            return operation(known);
        }
        Operation made = change.get();
        requests.put(requestId, made.getName());
        return made;
    }

    Operation started(
            String type, String zone, String path, long target, Runnable running, Runnable done) {
        long id = ids.getAsLong();
        String name = "operation-" + id;
        Operation.Builder operation =
                Operation.newBuilder()
                        .setKind("compute#operation")
                        .setId(id)
                        .setName(name)
                        .setOperationType(type)
                        .setStatus(Operation.Status.PENDING)
                        .setInsertTime(Instant.now().toString())
                        .setTargetId(target)
                        .setTargetLink(ComputeProject.HOST + path)
                        .setZone(
                                ComputeProject.HOST
                                        + "projects/%s/zones/%s"
                                                .formatted(ComputeServer.PROJECT, zone))
                        .setSelfLink(
                                ComputeProject.HOST
                                        + ComputeProject.path(zone, "operations", name));
        if (nextFailure != null) {
            operation.setError(Error.newBuilder().addErrors(nextFailure));
            nextFailure = null;
        }
        operations.put(name, operation.build());
        outcomes.put(name + "/running", running);
        outcomes.put(name + "/done", done);
        return operation.build();
    }

    /// Something that nobody asked for, which is over.
    ///
    /// @param at when
    void happened(String type, String zone, String path, long target, String at) {
        Operation happened = started(type, zone, path, target, () -> {}, () -> {});
        operations.put(
                happened.getName(),
                happened.toBuilder()
                        .setStatus(Operation.Status.DONE)
                        .setUser("system")
                        .setInsertTime(at)
                        .build());
    }

    Operation poll(String name) {
        Operation operation = operation(name);
        Operation.Builder next = operation.toBuilder();
        switch (operation.getStatus()) {
            case PENDING -> {
                outcome(name + "/running");
                next.setStatus(Operation.Status.RUNNING).setProgress(50);
            }
            case RUNNING -> {
                outcome(name + "/done");
                next.setStatus(Operation.Status.DONE).setProgress(100);
            }
            default -> {}
        }
        operations.put(name, next.build());
        if (areHidden) {
            throw notFound(name);
        }
        return next.build();
    }

    private void outcome(String key) {
        Runnable outcome = outcomes.remove(key);
        if (outcome != null
                && operation(key.substring(0, key.indexOf('/'))).getError().getErrorsCount() == 0) {
            outcome.run();
        }
    }

    private Operation operation(String name) {
        Operation operation = operations.get(name);
        if (operation == null) {
            throw notFound(name);
        }
        return operation;
    }

    private static ApiError notFound(String name) {
        return ComputeProject.notFound(
                "projects/%s/operations/%s".formatted(ComputeServer.PROJECT, name));
    }
}
