package dev.formwork.provider.host;

import dev.formwork.model.MachineId;
import dev.formwork.provider.Digests;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A reference to a machine of this host, taken apart: the machine's id, which is its directory's
/// name, and a digest of the token, so that an old reference is never that of a later instance.
public record MachineRef(MachineId machine, String made) {
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9-]{0,127})@([0-9a-f]{16})");

    public static MachineRef of(MachineId machine, OperationToken token) {
        return new MachineRef(machine, Digests.hex(token.value()).substring(0, 16));
    }

    /// Empty where the reference cannot be one of ours.
    public static Optional<MachineRef> parse(InstanceRef ref) {
        Matcher parts = FORM.matcher(ref.value());
        return parts.matches()
                ? Optional.of(new MachineRef(new MachineId(parts.group(1)), parts.group(2)))
                : Optional.empty();
    }

    public InstanceRef ref() {
        return new InstanceRef(machine + "@" + made);
    }
}
