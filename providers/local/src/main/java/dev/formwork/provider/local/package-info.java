/// Machines that are processes on the engine's own host, for trying things out, for tests and for
/// development: each is an agent with a directory and a loopback address of its own.
///
/// [dev.formwork.provider.local.LocalProvider] puts together what the directory of a machine holds
/// (`MachineDirectory`), what of it runs (`AgentProcess`), and the operations on it
/// (`LocalMachines`, `LocalPower`, `LocalAgents`), on what [dev.formwork.provider.host] has for all
/// machines of a host. The directory is the truth about a machine, its processes are known by a
/// mark in their environment, and nothing here remembers either. docs/providers.md says what it
/// does on the host.
@NullMarked
package dev.formwork.provider.local;

import org.jspecify.annotations.NullMarked;
