package dev.formwork.provider.ipmi;

import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.Steps;

/// Opens providers of type `ipmi`: machines that are nodes behind IPMI controllers. [IpmiSettings]
/// says what their configuration takes, [dev.formwork.provider.bmc.Nodes#choose] what the spec of a
/// group does.
public final class IpmiProviderFactory implements ProviderFactory {
    @Override
    public String type() {
        return "ipmi";
    }

    @Override
    public Provider open(ProviderContext context) {
        return IpmiProvider.open(context, IpmiSettings.read(context), Steps::unlessInterrupted);
    }
}
