package dev.formwork.workflow.graph;

/// What a node does.
public enum Action {
    /// Asks a provider for a machine.
    CREATE,
    /// Takes a machine from a pool.
    ALLOCATE,
    /// Gives a machine back to its pool.
    RELEASE,
    /// Waits until the machine's agent has registered and reported facts.
    BOOT,
    /// Runs a task.
    STEP,
    /// Runs the undo of a task that ran before, with the module and inputs of then.
    UNDO,
    /// Has the provider remove a machine; only forgets it where it is gone already.
    REMOVE,
    /// Nothing: joins the nodes of a step, so that N readers of N nodes make 2N edges and not N².
    GATE
}
