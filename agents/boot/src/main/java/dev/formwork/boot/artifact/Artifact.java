package dev.formwork.boot.artifact;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.Download;

import java.net.URI;

/// A file that a boot environment needs.
///
/// @param url where it is fetched from: `https` or `http`
/// @param sha256 64 hexadecimal digits, small
public record Artifact(URI url, String sha256) {
    /// @throws ProblemException `artifact.bad-digest`
    public Artifact {
        requireDigest(sha256);
    }

    static void requireDigest(String sha256) {
        if (!Download.SHA256.matcher(sha256).matches()) {
            throw ProblemException.of(
                    "artifact.bad-digest",
                    "not a SHA-256 digest: " + Names.abbreviate(sha256),
                    "64 hexadecimal digits, as `sha256sum` prints them");
        }
    }
}
