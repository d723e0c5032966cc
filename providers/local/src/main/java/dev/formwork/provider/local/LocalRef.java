package dev.formwork.provider.local;

import dev.formwork.model.MachineId;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A reference of this provider, taken apart: the machine's id, which is its directory's name, and
/// a digest of the token, so that an old reference is never that of a later instance.
record LocalRef(MachineId machine, String made) {
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9-]{0,127})@([0-9a-f]{16})");

    static LocalRef of(MachineId machine, OperationToken token) {
        return new LocalRef(machine, Digests.hex(token.value()).substring(0, 16));
    }

    /// Empty where the reference cannot be one of ours.
    static Optional<LocalRef> parse(InstanceRef ref) {
        Matcher parts = FORM.matcher(ref.value());
        return parts.matches()
                ? Optional.of(new LocalRef(new MachineId(parts.group(1)), parts.group(2)))
                : Optional.empty();
    }

    InstanceRef ref() {
        return new InstanceRef(machine + "@" + made);
    }
}
