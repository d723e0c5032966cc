package dev.formwork.provider.openstack;

import dev.formwork.model.MachineId;
import dev.formwork.model.Names;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What one instance is called in the cloud, by all that belongs to it: the reference of the
/// instance, and the name of its port.
///
/// @param name the machine's name
/// @param token a digest of the token, of 24 digits
record ServerName(String name, MachineId machine, String token) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(%s)/([A-Za-z0-9][A-Za-z0-9-]{0,127})/([0-9a-f]{24})"
                            .formatted(Names.LABEL.pattern().replace("(", "(?:")));

    ServerName {
        if (!Names.LABEL.matcher(name).matches()) {
            throw new IllegalArgumentException("not a machine's name");
        }
    }

    static ServerName of(String name, MachineId machine, OperationToken token) {
        return new ServerName(name, machine, Tags.digest(token.value()));
    }

    /// Empty where it is not of this form: nobody here made it.
    static Optional<ServerName> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new ServerName(
                                matcher.group(1),
                                new MachineId(matcher.group(2)),
                                matcher.group(3)))
                : Optional.empty();
    }

    InstanceRef ref() {
        return new InstanceRef(toString());
    }

    /// At most 217 characters: with a mark of the engine it fits where 255 do.
    @Override
    public String toString() {
        return name + "/" + machine + "/" + token;
    }
}
