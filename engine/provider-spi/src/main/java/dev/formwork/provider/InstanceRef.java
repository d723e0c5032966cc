package dev.formwork.provider;

import dev.formwork.model.Names;

import java.util.regex.Pattern;

/// What a provider calls one instance: opaque to the engine, stored with the machine, and never
/// used by the provider for another instance, also when this one is gone.
///
/// A reference that comes back is hostile until the provider has checked it: one that it cannot
/// have made names nothing.
///
/// @param value 1 to 512 printable ASCII characters
public record InstanceRef(String value) {
    private static final Pattern FORM = Pattern.compile("[ -~]{1,512}");

    public InstanceRef {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "not an instance reference: " + Names.abbreviate(value));
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
