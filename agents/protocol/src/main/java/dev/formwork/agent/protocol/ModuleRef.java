package dev.formwork.agent.protocol;

import java.util.Objects;

/// The module that a job runs.
///
/// @param name for people, such as `etcd/member`
/// @param version for people
/// @param digest what is fetched and checked
public record ModuleRef(String name, String version, ModuleDigest digest) {
    public ModuleRef {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(digest, "digest");
    }
}
