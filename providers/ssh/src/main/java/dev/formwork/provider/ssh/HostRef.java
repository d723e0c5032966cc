package dev.formwork.provider.ssh;

import dev.formwork.model.MachineId;
import dev.formwork.provider.Digests;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A reference to a machine on a host, taken apart.
///
/// @param host its name in the inventory
/// @param mark what the host's mark says: the machine's id and a digest of the token, so that an
///   old reference is never that of a later machine
record HostRef(String host, String mark) {
    private static final Pattern FORM =
            Pattern.compile(
                    "([A-Za-z0-9][A-Za-z0-9._-]{0,199})/"
                            + "([A-Za-z0-9][A-Za-z0-9-]{0,127}@[0-9a-f]{16})");

    /// What the mark of a machine says that this token makes.
    static String mark(MachineId machine, OperationToken token) {
        return machine + "@" + Digests.hex(token.value()).substring(0, 16);
    }

    /// Empty where the reference cannot be one of ours.
    static Optional<HostRef> parse(InstanceRef ref) {
        Matcher parts = FORM.matcher(ref.value());
        return parts.matches()
                ? Optional.of(new HostRef(parts.group(1), parts.group(2)))
                : Optional.empty();
    }

    InstanceRef ref() {
        return new InstanceRef(host + "/" + mark);
    }
}
