package dev.formwork.provider;

/// How far an instance is. Whether its agent answers is another matter, and the engine's.
public enum InstanceState {
    /// Some of it exists: it is being made, or its making was cut short. A repeat of the `create`
    /// finishes it, a `delete` removes it.
    CREATING,
    /// It is there and on its way up.
    STARTING,
    /// It is up, as far as the place can see.
    RUNNING,
    /// It is there and does not run.
    STOPPED,
    /// It is being removed, or its removal was cut short. Only a `delete` leads on from here.
    DELETING
}
