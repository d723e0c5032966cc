package dev.formwork.provider.redfish;

import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.Steps;

/// Opens providers of type `redfish`: machines behind management controllers. [RedfishSettings] and
/// [dev.formwork.provider.bmc.BmcSettings] say what their configuration takes.
public final class RedfishProviderFactory implements ProviderFactory {
    @Override
    public String type() {
        return "redfish";
    }

    @Override
    public Provider open(ProviderContext context) {
        return RedfishProvider.open(
                context, Steps::unlessInterrupted, RedfishProvider.Waiting.REAL);
    }
}
