package dev.formwork.agent.protocol;

/// Says that a job is in the agent's journal and about to start.
public record Started(long token, int phase) {}
