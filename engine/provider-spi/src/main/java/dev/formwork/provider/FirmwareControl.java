package dev.formwork.provider;

import dev.formwork.model.value.Value;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Firmware of a machine, and the settings of its BIOS. What [Capability] says holds for each
/// method. Nothing here resets a machine; what an image does to a controller that it is for is
/// another matter, and most controllers restart.
public interface FirmwareControl extends Capability {
    /// What firmware there is.
    ///
    /// Read-only.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.not-found`, `.credentials`,
    ///   `.throttled`, `.timeout`, `.unavailable`, `.interrupted`, `.closed`;
    ///   `provider.unsupported` where this machine's place cannot do it
    List<FirmwareComponent> firmware(InstanceRef ref);

    /// Begins to replace firmware by an image that the place fetches by itself. **Returns** when
    /// the place has begun, with how far it is then.
    ///
    /// **Idempotent under the token** once it has returned: a repeat is told how far that update is
    /// (of the machine's last one; one before it is not remembered). Where the answer was lost, a
    /// repeat may begin anew: the same image then goes the same way twice.
    ///
    /// @param image `http` or `https`, without user and password, as for [VirtualMedia#insert]
    /// @param components ids of [FirmwareComponent]; empty where the place is to find out by itself
    ///   what the image is for
    /// @throws dev.formwork.model.ProblemException as [#firmware]; `provider.conflict` where the
    ///   instance is half-made or being deleted, the image is none, or there is no such component
    FirmwareUpdate update(OperationToken token, InstanceRef ref, URI image, Set<String> components);

    /// How far an update is. One that the place has forgotten is done.
    ///
    /// Read-only.
    ///
    /// @param id of a [FirmwareUpdate] of this instance
    /// @throws dev.formwork.model.ProblemException as [#firmware]; `provider.conflict` where it is
    ///   none of this instance
    FirmwareUpdate progress(InstanceRef ref, String id);

    /// The settings of the BIOS.
    ///
    /// Read-only.
    ///
    /// @throws dev.formwork.model.ProblemException as [#firmware]
    BiosAttributes bios(InstanceRef ref);

    /// These settings hold from the next reset on, the others stay. Idempotent. All of them or
    /// none.
    ///
    /// @param attributes by the maker's own names: texts, numbers and truth values, as
    ///   [BiosAttributes#current] has them
    /// @throws dev.formwork.model.ProblemException as [#firmware]; `provider.conflict` where the
    ///   instance is half-made or being deleted, there is no such setting, or it takes no such
    ///   value
    void setBios(OperationToken token, InstanceRef ref, Map<String, Value> attributes);
}
