/// Machines that are QEMU processes on the engine's own host: for trying out bare metal without
/// any, for tests, and for the development of boot environments.
///
/// [dev.formwork.provider.qemu.QemuProvider] puts together what a machine is made of
/// (`MachineSpec`, `Hardware` in `VirtualHardware`), how its QEMU is called (`QemuCommand`),
/// started, found and ended (`QemuProcess`) and spoken to while it runs (`Qmp`), and the operations
/// on it (`QemuMachines`, `QemuPower`, `QemuBoot`, `QemuConsole`), on what
/// [dev.formwork.provider.host] has for all machines of a host. docs/providers.md says what it does
/// on the host.
@NullMarked
package dev.formwork.provider.qemu;

import org.jspecify.annotations.NullMarked;
