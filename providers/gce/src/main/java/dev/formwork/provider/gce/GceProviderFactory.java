package dev.formwork.provider.gce;

import com.google.api.client.http.javanet.NetHttpTransport;

import dev.formwork.provider.Pause;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;

/// Opens providers of type `gce`: machines that are instances of Google Compute Engine.
/// [GceSettings] says what their configuration takes, [MachineSpec] what the spec of a group does.
public final class GceProviderFactory implements ProviderFactory {
    @Override
    public String type() {
        return "gce";
    }

    @Override
    public Provider open(ProviderContext context) {
        return GceProvider.open(
                context,
                GceSettings.read(context, System.getenv()),
                new NetHttpTransport(),
                Pause.REAL);
    }
}
