package dev.formwork.model.value;

/// Decides what stands in JSON in place of a secret: an encrypted form, a keyed MAC, `***`.
@FunctionalInterface
public interface SecretWriter {
    /// For people: the secret is not in the text, and nothing reads it back.
    SecretWriter MASK = _ -> Value.of("***");

    /// What to write instead.
    ///
    /// @return a value without a secret in it
    Value write(Value.Secret secret);
}
