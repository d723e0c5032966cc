package dev.formwork.provider.qemu;

import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.host.Progress;

import java.util.List;

/// Opens providers of type `qemu`: machines that are QEMU processes on the engine's own host.
///
/// What its configuration and the spec of a group take is in [QemuConfig] and [MachineSpec]. It
/// opens on every host; that QEMU is missing is said when a machine is made.
public final class QemuProviderFactory implements ProviderFactory {
    @Override
    public String type() {
        return "qemu";
    }

    @Override
    public Provider open(ProviderContext context) {
        return QemuProvider.open(context, System.getenv(), Progress::unlessInterrupted, List.of());
    }
}
