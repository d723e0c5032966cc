package dev.formwork.provider.gce;

import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A provider's configuration.
///
/// @param project whose instances these are; that of the credentials where it is not said
/// @param zones where groups go that do not say it
/// @param endpoint of another service than Google's own, such as a test's
/// @param credentials where they come from
/// @param address which of an instance's addresses other machines use
/// @param answer how long one call may take
/// @param operation how long what a call starts may take
record GceSettings(
        Optional<String> project,
        List<String> zones,
        Optional<URI> endpoint,
        Login credentials,
        AddressKind address,
        Duration answer,
        Duration operation) {
    static final Pattern ZONE = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

    /// With the domain of an older kind of project, as in `example.com:web`.
    private static final Pattern PROJECT =
            Pattern.compile("([a-z0-9.-]{1,63}:)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

    /// Which address of an instance counts.
    enum AddressKind {
        PRIVATE,
        PUBLIC
    }

    /// Where credentials come from.
    sealed interface Login {
        /// Google's own chain: `GOOGLE_APPLICATION_CREDENTIALS`, the file that `gcloud auth
        /// application-default login` writes, the metadata server of the instance that the engine
        /// runs on.
        record ApplicationDefault() implements Login {}

        /// A file: a service account's key, or a workload identity federation.
        record FromFile(Path file) implements Login {}

        /// None, for an endpoint that wants none.
        record None() implements Login {}
    }

    GceSettings {
        zones = List.copyOf(zones);
    }

    /// @param environment as of the process
    static GceSettings read(ProviderContext context, Map<String, String> environment) {
        Settings config = Settings.config(context);
        Optional<String> project =
                config.text("project")
                        .or(() -> Optional.ofNullable(environment.get("GOOGLE_CLOUD_PROJECT")))
                        .filter(given -> !given.isBlank());
        if (project.isPresent() && !PROJECT.matcher(project.get()).matches()) {
            config.refuse("project", "not the id of a project", "as in my-project-123");
        }
        List<String> zones = zones(config, List.of());
        Optional<URI> endpoint = config.text("endpoint").flatMap(text -> endpoint(config, text));
        Login login = login(config, context.dataDirectory(), endpoint.isPresent());
        AddressKind address =
                switch (config.text("address").orElse("private")) {
                    case "private" -> AddressKind.PRIVATE;
                    case "public" -> AddressKind.PUBLIC;
                    default -> {
                        config.refuse("address", "neither of the two", "private or public");
                        yield AddressKind.PRIVATE;
                    }
                };
        Duration answer = Duration.ofSeconds(config.integer("answer_seconds", 30, 1, 600));
        Duration operation = Duration.ofSeconds(config.integer("operation_seconds", 300, 1, 3600));
        config.finish();
        return new GceSettings(project, zones, endpoint, login, address, answer, operation);
    }

    /// The zones that `zone` or `zones` name.
    static List<String> zones(Settings settings, List<String> fallback) {
        Optional<String> one = settings.text("zone");
        List<String> several = settings.texts("zones", List.of());
        if (one.isPresent() && !several.isEmpty()) {
            settings.refuse("zone", "zones is there too", "say one of the two");
        }
        List<String> all = one.map(List::of).orElse(several.isEmpty() ? fallback : several);
        for (String zone : all) {
            if (!ZONE.matcher(zone).matches()) {
                settings.refuse(
                        one.isPresent() ? "zone" : "zones", "not a zone", "as in europe-west3-a");
            }
        }
        return all;
    }

    private static Optional<URI> endpoint(Settings config, String text) {
        try {
            URI uri = URI.create(text);
            boolean isWeb = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (isWeb
                    && uri.getHost() != null
                    && uri.getRawQuery() == null
                    && uri.getRawPath().replace("/", "").isEmpty()) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException notOne) {
            // Refused below.
        }
        config.refuse("endpoint", "not the address of a server", "as in https://compute.example");
        return Optional.empty();
    }

    private static Login login(Settings config, Path directory, boolean isElsewhere) {
        Optional<String> file = config.text("credentials_file");
        String kind = config.text("credentials").orElse("default");
        if (file.isPresent()) {
            if (!kind.equals("default")) {
                config.refuse("credentials", "credentials_file is there too", "say one of the two");
            }
            return new Login.FromFile(directory.resolve(file.get()));
        }
        switch (kind) {
            case "default" -> {}
            case "none" -> {
                if (isElsewhere) {
                    return new Login.None();
                }
                config.refuse("credentials", "Google wants some", "none is for another endpoint");
            }
            default -> config.refuse("credentials", "neither of the two", "default or none");
        }
        return new Login.ApplicationDefault();
    }
}
