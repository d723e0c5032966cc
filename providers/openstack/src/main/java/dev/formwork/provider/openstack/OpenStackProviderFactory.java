package dev.formwork.provider.openstack;

import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.Retries;
import dev.formwork.provider.openstack.api.HttpTransport;

/// Opens providers of type `openstack`: machines that are servers of a cloud. [OpenStackSettings]
/// says what their configuration takes, [ServerSpec] what the spec of a group does.
public final class OpenStackProviderFactory implements ProviderFactory {
    @Override
    public String type() {
        return "openstack";
    }

    @Override
    public Provider open(ProviderContext context) {
        OpenStackSettings settings = OpenStackSettings.read(context, System.getenv());
        HttpTransport transport = settings.transport();
        return OpenStackProvider.open(
                context, settings, transport, new Retries(context), transport::close);
    }
}
