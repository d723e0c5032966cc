package dev.formwork.provider.gce;

import dev.formwork.provider.InstanceRef;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an [InstanceRef] of this provider says. The instances that one machine has in the course of
/// time have the same name; the token under which it was made tells them apart.
///
/// @param token as [Marks#token]
record GceRef(String zone, String name, String token) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<zone>[a-z][a-z0-9-]{0,62})/(?<name>[a-z][a-z0-9-]{0,62})/(?<token>[0-9a-f]{40})");

    /// Empty for one that this provider cannot have made.
    static Optional<GceRef> of(InstanceRef ref) {
        Matcher matcher = FORM.matcher(ref.value());
        return matcher.matches()
                ? Optional.of(
                        new GceRef(
                                matcher.group("zone"),
                                matcher.group("name"),
                                matcher.group("token")))
                : Optional.empty();
    }

    InstanceRef ref() {
        return new InstanceRef(zone + "/" + name + "/" + token);
    }
}
