package dev.formwork.provider.openstack;

import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Settings;
import dev.formwork.provider.openstack.api.Access;
import dev.formwork.provider.openstack.api.HttpTransport;
import dev.formwork.provider.openstack.config.Cloud;
import dev.formwork.provider.openstack.config.CloudReader;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/// The configuration of an openstack provider, as docs/providers.md lists it.
///
/// @param trusted with which certificates are checked; empty is what Java trusts
/// @param address which of a machine's addresses counts
/// @param call how long one answer may take
/// @param operation how long a server may take to stop, start or go
record OpenStackSettings(
        Access access,
        Optional<SSLContext> trusted,
        AddressKind address,
        Duration call,
        Duration operation) {

    enum AddressKind {
        PRIVATE,
        PUBLIC
    }

    /// @param environment the engine's own
    /// @throws dev.formwork.model.ProblemException `provider.invalid-config` with all that is wrong
    static OpenStackSettings read(ProviderContext context, Map<String, String> environment) {
        Settings config = Settings.config(context);
        Path home = Path.of(environment.getOrDefault("HOME", "/root"));
        CloudReader reader = new CloudReader(environment, context.dataDirectory());
        Optional<Cloud> cloud =
                reader.read(
                        new CloudReader.Wish(
                                config.text("cloud"),
                                config.text("clouds_file")
                                        .map(text -> resolved(context, home, text)),
                                config.text("endpoint"),
                                config.text("region"),
                                config.text("interface"),
                                config.text("cacert").map(text -> resolved(context, home, text))));
        for (String problem : reader.problems()) {
            config.refuse("cloud", problem, "see docs/providers.md, The openstack provider");
        }
        String address = config.text("address").orElse("private");
        if (!address.equals("private") && !address.equals("public")) {
            config.refuse("address", "has to be private or public", "private is the default");
        }
        Duration call = Duration.ofSeconds(config.integer("seconds", 60, 1, 3600));
        Duration operation = Duration.ofSeconds(config.integer("operation_seconds", 300, 1, 86400));
        Optional<SSLContext> trusted =
                cloud.flatMap(Cloud::caCertificates).flatMap(file -> trusting(config, file));
        config.finish();
        return new OpenStackSettings(
                cloud.orElseThrow().access(),
                trusted,
                address.equals("public") ? AddressKind.PUBLIC : AddressKind.PRIVATE,
                call,
                operation);
    }

    HttpTransport transport() {
        return new HttpTransport(trusted, call);
    }

    private static Path resolved(ProviderContext context, Path home, String text) {
        return text.startsWith("~/")
                ? home.resolve(text.substring(2))
                : context.dataDirectory().resolve(text);
    }

    private static Optional<SSLContext> trusting(Settings config, Path file) {
        try {
            return Optional.of(HttpTransport.trusting(file));
        } catch (IOException | GeneralSecurityException failed) {
            config.refuse(
                    "cacert",
                    "%s cannot be used: %s".formatted(file, failed.getMessage()),
                    "a file of certificates in PEM");
            return Optional.empty();
        }
    }
}
