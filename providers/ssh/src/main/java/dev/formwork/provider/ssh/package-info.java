/// Machines that are existing hosts, reached by SSH: each is used by one machine at a time, and
/// runs the agent, or is worked from here without one.
///
/// `SshProvider` puts together which hosts there are ([dev.formwork.provider.ssh.inventory]), how
/// they are reached ([dev.formwork.provider.ssh.connection]) and the operations on them
/// (`SshInstances`, `SshAgents`, and `WorkedHosts` where there is no agent). The mark on the host
/// itself is the truth about a machine; it is read and changed by the functions of `host.sh`, which
/// runs on the host. docs/providers.md says what is left there.
@NullMarked
package dev.formwork.provider.ssh;

import org.jspecify.annotations.NullMarked;
