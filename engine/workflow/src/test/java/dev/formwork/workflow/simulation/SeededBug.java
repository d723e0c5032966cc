package dev.formwork.workflow.simulation;

/// A mistake made on purpose, to see that the simulator notices.
enum SeededBug {
    NONE,
    /// Messages with an old token count like those with the new one.
    SKIPPED_FENCING,
    /// Replies and effects go out before the transition they come from is durable.
    EFFECTS_BEFORE_COMMIT,
    /// What a transition changes is stored first, and what it tells in a transaction after that.
    COMMIT_BEFORE_OUTBOX,
    /// An engine that starts does not do what its transitions before had asked for.
    FORGOTTEN_EFFECTS,
    /// A step that must not happen twice runs again when its attempt is lost.
    RERUN_OF_WHAT_WAS_LOST,
    /// Some nodes are not told that nothing blocks them any more.
    LOST_WAKE_UP,
    /// Whoever asks for a mutex has it.
    MUTEX_FOR_ALL,
    /// A run does not ask whose machines they are.
    MACHINES_FOR_ALL,
    /// What a place that is out of quota has left of a machine is left there.
    REMAINS_LEFT_BEHIND,
    /// Who waits for a machine of a pool is forgotten when one comes back.
    WAITING_FORGOTTEN,
    /// A machine of a pool is given to somebody though a cluster has it.
    MACHINE_GIVEN_TWICE,
    /// The core throws where it should decide.
    THROWING_CORE
}
