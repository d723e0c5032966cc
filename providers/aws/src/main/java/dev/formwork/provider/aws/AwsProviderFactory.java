package dev.formwork.provider.aws;

import dev.formwork.provider.Pause;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;

/// Opens providers of type `aws`: machines that are instances of EC2. [AwsSettings] says what their
/// configuration takes, [MachineSpec] what the spec of a group does.
public final class AwsProviderFactory implements ProviderFactory {
    @Override
    public String type() {
        return "aws";
    }

    @Override
    public Provider open(ProviderContext context) {
        AwsSettings settings = AwsSettings.read(context);
        return AwsProvider.open(context, settings, AwsClients.of(settings), Pause.REAL);
    }
}
