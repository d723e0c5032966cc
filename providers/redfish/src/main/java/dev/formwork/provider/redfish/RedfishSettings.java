package dev.formwork.provider.redfish;

import dev.formwork.model.Names;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Retries;
import dev.formwork.provider.Settings;
import dev.formwork.provider.bmc.BmcSettings;
import dev.formwork.provider.bmc.Node;
import dev.formwork.provider.redfish.client.Credentials;
import dev.formwork.provider.redfish.client.Exchange;
import dev.formwork.provider.redfish.client.RedfishService;
import dev.formwork.provider.redfish.client.Trust;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What the configuration of a `redfish` provider takes beside what `providers/bmc` reads of it, as
/// docs/providers.md lists it: at the provider, and again at a node.
final class RedfishSettings {
    private static final int PORT = 443;
    private static final Trust NONE = new Trust.None();

    private final ProviderContext context;
    private final Map<String, Trust> trust = new ConcurrentHashMap<>();
    private final Duration connect;
    private final Duration patience;
    private final Defaults defaults;
    private final Settings config;

    /// What holds for a node that says nothing else.
    private record Defaults(Optional<Trust> trust, String networkBoot, String mark) {}

    private RedfishSettings(ProviderContext context, Settings config) {
        this.context = context;
        this.config = config;
        this.connect = Duration.ofSeconds(config.integer("connect_seconds", 10, 1, 600));
        this.patience = Duration.ofSeconds(config.integer("answer_seconds", 60, 1, 600));
        this.defaults =
                new Defaults(
                        trust(config),
                        choice(config, "network_boot", "pxe", "http"),
                        choice(config, "mark", "asset-tag", "none"));
    }

    /// Reads what is of Redfish; [#nodes] reads the rest.
    static RedfishSettings read(ProviderContext context) {
        return new RedfishSettings(context, Settings.config(context));
    }

    Duration connect() {
        return connect;
    }

    Duration patience() {
        return patience;
    }

    /// Which certificates a service may show.
    ///
    /// @param authority host and port
    Trust trustOf(String authority) {
        return trust.getOrDefault(authority, NONE);
    }

    /// Reads the nodes, and ends the reading.
    ///
    /// @param patience for each answer
    /// @throws dev.formwork.model.ProblemException `provider.invalid-config` with all that is wrong
    BmcSettings nodes(Exchange exchange, Duration patience, Retries retries, Later later) {
        return BmcSettings.read(
                context,
                config,
                PORT,
                (node, settings) -> controller(node, settings, exchange, patience, retries, later));
    }

    private RedfishController controller(
            Node node,
            Settings settings,
            Exchange exchange,
            Duration patience,
            Retries retries,
            Later later) {
        Optional<Trust> own = trust(settings).or(defaults::trust);
        if (own.isEmpty()) {
            settings.refuse(
                    "certificate_sha256",
                    "nothing says which certificate is trusted",
                    "the fingerprint of the controller's certificate, or a ca_file");
        }
        // Several nodes may be systems of one service.
        own.ifPresent(each -> trust.merge(node.authority(), each, RedfishSettings::both));
        String boot = choice(settings, "network_boot", defaults.networkBoot(), "pxe", "http");
        String mark = choice(settings, "mark", defaults.mark(), "asset-tag", "none");
        RedfishService service =
                new RedfishService(
                        URI.create(
                                "https://"
                                        + (node.address().isEmpty() ? "none" : node.authority())),
                        new Credentials(node.user(), node.password()::reveal),
                        exchange,
                        patience,
                        retries);
        return new RedfishController(
                new ManagedSystem(service, settings.text("system")),
                boot.equals("http"),
                mark.equals("asset-tag"),
                later);
    }

    private static Trust both(Trust one, Trust other) {
        if (one instanceof Trust.Pinned(List<String> some)
                && other instanceof Trust.Pinned(List<String> more)) {
            List<String> all = new ArrayList<>(some);
            all.addAll(more);
            return new Trust.Pinned(all);
        }
        // The stricter of the two.
        return one instanceof Trust.Pinned ? one : other;
    }

    private static String choice(Settings settings, String key, String fallback, String... more) {
        String said = settings.text(key).orElse(fallback);
        List<String> known = new ArrayList<>(List.of(more));
        if (!known.contains(fallback)) {
            known.addFirst(fallback);
        }
        if (!known.contains(said)) {
            settings.refuse(key, "not " + Names.abbreviate(said), String.join(" or ", known));
            return fallback;
        }
        return said;
    }

    private Optional<Trust> trust(Settings settings) {
        List<String> pins = new ArrayList<>();
        for (String text : settings.texts("certificate_sha256", List.of())) {
            Optional<String> pin = Trust.fingerprint(text);
            if (pin.isEmpty()) {
                settings.refuse(
                        "certificate_sha256",
                        "not a fingerprint: " + Names.abbreviate(text),
                        "64 hexadecimal digits, with or without colons");
            }
            pin.ifPresent(pins::add);
        }
        Optional<Trust> signed = settings.text("ca_file").flatMap(file -> signed(settings, file));
        if (!pins.isEmpty()) {
            return Optional.of(new Trust.Pinned(pins));
        }
        return signed;
    }

    private Optional<Trust> signed(Settings settings, String file) {
        Path path = context.dataDirectory().resolve(file);
        try {
            return Optional.of(Trust.SignedBy.pem(Files.readString(path)));
        } catch (IOException | CertificateException failed) {
            settings.refuse(
                    "ca_file",
                    "%s cannot be read: %s".formatted(path, failed.getMessage()),
                    "certificates in PEM");
            return Optional.empty();
        }
    }
}
