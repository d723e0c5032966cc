package dev.formwork.boot.content;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.model.ProblemException;

import java.util.List;
import java.util.Optional;

/// Finds what a machine asks for. Safe for use by several threads; may wait.
@FunctionalInterface
public interface ContentSource {
    /// @return empty where there is nothing of that path
    /// @throws ProblemException where there is, but it can't be had: the machine is told why
    Optional<Content> find(Asked asked);

    /// @param path as [ContentPath#of] has it
    /// @param query what stands behind `?` in HTTP, as it came: hostile text; empty in TFTP
    /// @param client who asks
    /// @param server where it has reached us: an address or a name, and a port where it is not the
    ///   usual one, as they stand in a URL. Behind a translation of addresses it is not what our
    ///   own socket says
    record Asked(String path, String query, Ipv4 client, String server) {}

    /// Asks one after the other.
    static ContentSource firstOf(List<ContentSource> sources) {
        List<ContentSource> all = List.copyOf(sources);
        return asked -> all.stream().flatMap(each -> each.find(asked).stream()).findFirst();
    }
}
