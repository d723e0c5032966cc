package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;

/// Who an agent says it is: every call of an agent carries one, and the core checks it before it
/// does anything else.
///
/// @param hash SHA-256 of the credential, lower-case hex ([Secrets#hash])
public record Credential(MachineId machine, String hash) {}
