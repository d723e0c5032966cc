package dev.formwork.provider;

import java.util.List;
import java.util.Optional;

/// Makes instances, finds them and removes them. What [Capability] says holds for each method.
///
/// Whatever it makes it marks with the engine's id, the machine's id and the token, in the place
/// itself and in the same step in which the thing comes into being, so that a crash leaves nothing
/// that [#list] does not show.
public interface InstanceLifecycle extends Capability {
    /// Makes an instance, or finds the one that an earlier call with this token made.
    ///
    /// **Idempotent under the token**, also when the earlier answer was lost, when the earlier call
    /// was cut short by a crash, and when calls run at once: one instance, the same for all. A
    /// repeat carries an equal request; where it does not, the instance stays as it was first asked
    /// for. An instance that has stopped since is not started again. A token whose instance was
    /// deleted is not remembered: the engine never sends it again.
    ///
    /// **Returns** when the instance has a reference and will come up without more being done; that
    /// it is up, or has an address, is not waited for.
    ///
    /// **Partial failure.** Whatever exists after a failure is shown by [#list], as
    /// [InstanceState#CREATING] or later, and [#delete] removes it. Repeating the call goes on with
    /// it.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.conflict` where the machine has an
    ///   instance under another token, the token belongs to another machine, or the instance is
    ///   being deleted; `provider.invalid-spec` with everything that is wrong, before anything is
    ///   made; `provider.quota`, `.credentials`, `.throttled`, `.timeout`, `.unavailable`,
    ///   `.partial`, `.interrupted`, `.closed`
    Instance create(OperationToken token, InstanceRequest request);

    /// The instance as it is now; empty where there is none, where it is another engine's, or where
    /// the reference is not one of this provider's. Empty means gone, for good: where the place
    /// cannot tell, it throws.
    ///
    /// Read-only.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.credentials`, `.throttled`,
    ///   `.timeout`, `.unavailable`, `.interrupted`, `.closed`
    Optional<Instance> find(InstanceRef ref);

    /// Every instance of this engine, through whichever token it was made, half-made and
    /// half-deleted ones too; nothing else. In no particular order.
    ///
    /// Read-only. All or nothing: a list that cannot be completed throws.
    ///
    /// @throws dev.formwork.model.ProblemException as [#find]
    List<Instance> list();

    /// Removes an instance and all that was made with it.
    ///
    /// **Idempotent**, under any token: deleting what is gone, what never was, or what is another
    /// engine's succeeds and does nothing. A reference to an instance that is gone never reaches a
    /// later instance of the same machine.
    ///
    /// **Returns** when the instance is gone: [#find] is empty and [#list] does not hold it.
    ///
    /// **Partial failure.** For as long as anything is left the instance stays in [#list] as
    /// [InstanceState#DELETING], and repeating the call, under this or another token, goes on.
    ///
    /// @param token names the removal for the place's own log and its idempotency
    /// @throws dev.formwork.model.ProblemException `provider.partial`, naming what is left;
    ///   `provider.credentials`, `.throttled`, `.timeout`, `.unavailable`, `.interrupted`,
    ///   `.closed`
    void delete(OperationToken token, InstanceRef ref);
}
