package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.GetZoneOperationRequest;
import com.google.cloud.compute.v1.Operation;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;

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

    /// Waits until the operation is over, and throws what it failed with. Empty where Google has
    /// forgotten the operation, which it does after some weeks, and at times sooner: then what it
    /// did is to be looked at.
    ///
    /// @param what it does, for people: "making instance a"
    /// @throws ProblemException as [Refusals#of(String, Operation)]; `provider.timeout`,
    ///   `.interrupted`
    Optional<Operation> await(String what, String zone, Operation started) {
        Operation ended;
        try {
            ended = ended(what, zone, started);
        } catch (ProblemException failed) {
            if (failed.code().equals(ProviderCode.NOT_FOUND.code())) {
                return Optional.empty();
            }
            throw failed;
        }
        Optional<ProblemException> failure = Refusals.of(what, ended);
        if (failure.isPresent()) {
            throw failure.get();
        }
        return Optional.of(ended);
    }

    /// As [#await], where there is nothing else by which one sees whether it came to pass.
    ///
    /// @throws ProblemException `provider.unavailable` too
    void awaitKnown(String what, String zone, Operation started) {
        if (await(what, zone, started).isEmpty()) {
            throw forgotten(what);
        }
    }

    static ProblemException forgotten(String what) {
        return ProviderCode.UNAVAILABLE.problem(
                what + ": Google does not say whether it came to pass", "ask again");
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
