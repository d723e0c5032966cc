package dev.formwork.model.module;

import dev.formwork.model.Location;

import java.util.Set;

/// What every module says of itself.
///
/// @param name such as `etcd/member` ([dev.formwork.model.Names#MODULE])
/// @param version semantic version (semver.org), part of the lock in a plan
/// @param summary one sentence for people; changing it reruns nothing
/// @param provides interfaces that this module can stand in for
public record Header(
        String name, String version, String summary, Set<String> provides, Location location) {
    public Header {
        provides = Set.copyOf(provides);
    }
}
