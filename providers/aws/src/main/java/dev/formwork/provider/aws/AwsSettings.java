package dev.formwork.provider.aws;

import dev.formwork.model.Names;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Settings;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// The configuration of an aws provider, as docs/providers.md lists it.
///
/// @param region empty where the SDK's own chain says it
/// @param profile of the SDK's configuration files; empty for the one that the chain takes
/// @param endpoint of EC2, where it is not the region's own
/// @param ssmEndpoint of Systems Manager
/// @param publicAddress whether a machine is reached at its public address
/// @param answer how long one call waits for an answer
/// @param patience how long a change of state is waited for
record AwsSettings(
        Optional<String> region,
        Optional<String> profile,
        Optional<URI> endpoint,
        Optional<URI> ssmEndpoint,
        boolean publicAddress,
        Duration answer,
        Duration patience) {

    /// @throws dev.formwork.model.ProblemException `provider.invalid-config` with all that is wrong
    static AwsSettings read(ProviderContext context) {
        Settings config = Settings.config(context);
        Optional<String> region = config.text("region");
        if (region.isPresent() && !region.get().matches("[a-z0-9-]{1,40}")) {
            config.refuse("region", "not a region's name", "such as eu-central-1");
        }
        Optional<URI> endpoint = url(config, "endpoint");
        AwsSettings settings =
                new AwsSettings(
                        region,
                        config.text("profile"),
                        endpoint,
                        url(config, "ssm_endpoint").or(() -> endpoint),
                        publicAddress(config),
                        Duration.ofSeconds(config.integer("seconds", 30, 1, 600)),
                        Duration.ofSeconds(config.integer("wait_seconds", 300, 1, 3600)));
        config.finish();
        return settings;
    }

    private static boolean publicAddress(Settings config) {
        String which = config.text("address").orElse("private");
        if (!which.equals("private") && !which.equals("public")) {
            config.refuse("address", "cannot be " + Names.abbreviate(which), "private or public");
        }
        return which.equals("public");
    }

    private static Optional<URI> url(Settings config, String key) {
        Optional<String> text = config.text(key);
        if (text.isPresent()
                && !text.get().matches("https?://[A-Za-z0-9._:\\[\\]-]+(/[A-Za-z0-9._/-]*)?")) {
            config.refuse(
                    key,
                    "not a URL: " + Names.abbreviate(text.get()),
                    "such as https://ec2.cloud.example");
            return Optional.empty();
        }
        return text.map(URI::create);
    }
}
