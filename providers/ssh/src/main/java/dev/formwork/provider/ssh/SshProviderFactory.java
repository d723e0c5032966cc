package dev.formwork.provider.ssh;

import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.Steps;

/// Opens providers of type `ssh`: machines that are existing hosts. [SshSettings] says what their
/// configuration takes, [dev.formwork.provider.ssh.inventory.Inventory#choose] what the spec of a
/// group does.
public final class SshProviderFactory implements ProviderFactory {
    @Override
    public String type() {
        return "ssh";
    }

    @Override
    public Provider open(ProviderContext context) {
        return SshProvider.open(
                context, SshSettings.read(context, System.getenv()), Steps::unlessInterrupted);
    }
}
