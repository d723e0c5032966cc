package dev.formwork.provider;

import java.net.URI;
import java.util.Optional;

/// A drive for CDs that a machine has without having one: an image that the place fetches by itself
/// is in it. What [Capability] says holds for each method; nothing here starts, stops or disturbs a
/// machine. With [BootDevice#MEDIA] a machine boots from it once.
public interface VirtualMedia extends Capability {
    /// The image that is in the drive; empty where none is. It is what the place says, and may be
    /// written otherwise than it was given.
    ///
    /// Read-only.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.not-found`, `.credentials`,
    ///   `.throttled`, `.timeout`, `.unavailable`, `.interrupted`, `.closed`
    Optional<URI> inserted(InstanceRef ref);

    /// The image is in the drive, write-protected, and no other. The place reaches the URI by
    /// itself and at its own time: whoever can reach the machine's management network can read it
    /// there, so there is nothing secret in an image.
    ///
    /// Idempotent: what is in the drive already stays there. **Returns** when the place says that
    /// it is inserted.
    ///
    /// @param image `http` or `https`, without user and password, at most 1,024 characters
    /// @throws dev.formwork.model.ProblemException as [#inserted]; `provider.conflict` where the
    ///   instance is half-made or being deleted, or the image is none that could be inserted;
    ///   `provider.unsupported` where this machine has no such drive
    void insert(OperationToken token, InstanceRef ref, URI image);

    /// The drive is empty. Idempotent. The end of an instance empties its drive, too.
    ///
    /// @throws dev.formwork.model.ProblemException as [#insert]
    void eject(OperationToken token, InstanceRef ref);

    /// Refuses what is no address of an image, or has a secret in it.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.conflict`
    static void requireImage(URI image) {
        boolean isOne =
                image.isAbsolute()
                        && (image.getScheme().equals("http") || image.getScheme().equals("https"))
                        && image.getHost() != null
                        && image.getRawUserInfo() == null
                        && image.getRawFragment() == null
                        && image.toASCIIString().length() <= 1024;
        if (!isOne) {
            throw ProviderCode.CONFLICT.problem(
                    "this is not the address of an image",
                    "http or https, without user and password, at most 1024 characters");
        }
    }
}
