package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.GetZoneOperationRequest;
import com.google.cloud.compute.v1.Operation;

import dev.formwork.model.ProblemException;

import java.time.Duration;
import java.util.Optional;

/// Waits for what a call has started. Google answers a change with an operation, and says only
/// there whether it came to pass.
final class Operations {
    private final Compute compute;
    private final Duration most;

    Operations(Compute compute, Duration most) {
        this.compute = compute;
        this.most = most;
    }

    /// Waits until the operation is over, and throws what it failed with.
    ///
    /// @param what it does, for people: "making instance a"
    /// @throws ProblemException as [Refusals#of(String, Operation)]; `provider.timeout`,
    ///   `.interrupted`
    void await(String what, String zone, Operation started) {
        Optional<ProblemException> failure = Refusals.of(what, ended(what, zone, started));
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private Operation ended(String what, String zone, Operation started) {
        if (isOver(started)) {
            return started;
        }
        return compute.retries()
                .await(
                        what + " is over",
                        most,
                        () ->
                                Optional.of(
                                                compute.once(
                                                        connection ->
                                                                connection
                                                                        .operations()
                                                                        .getCallable(),
                                                        project ->
                                                                GetZoneOperationRequest.newBuilder()
                                                                        .setProject(project)
                                                                        .setZone(zone)
                                                                        .setOperation(
                                                                                started.getName())
                                                                        .build()))
                                        .filter(Operations::isOver));
    }

    static boolean isOver(Operation operation) {
        return operation.getStatus() == Operation.Status.DONE;
    }
}
