package dev.formwork.provider.openstack.config;

import static dev.formwork.provider.openstack.config.CloudsFile.struct;

import dev.formwork.model.Names;
import dev.formwork.model.value.Value;
import dev.formwork.provider.openstack.api.Access;
import dev.formwork.provider.openstack.api.Access.Identity;
import dev.formwork.provider.openstack.api.Access.Named;
import dev.formwork.provider.openstack.api.Access.Scope;
import dev.formwork.provider.openstack.api.Service;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Finds a cloud as openstacksdk does (its page "Configuring OpenStack SDK Applications"): by its
/// name in `clouds.yaml`, which is `$OS_CLIENT_CONFIG_FILE` or in the working directory,
/// `~/.config/openstack` or `/etc/openstack`; else, where `$OS_CLOUD` names none either, in the
/// variables `OS_*`; else as the only one in the file.
///
/// What it does not follow it refuses, where passing it by would change who is called and how:
/// `verify: false`, client certificates, vendors' profiles.
///
/// Not thread-safe.
public final class CloudReader {
    private static final List<String> AUTH =
            List.of(
                    "auth_url",
                    "username",
                    "user_id",
                    "password",
                    "project_name",
                    "project_id",
                    "tenant_name",
                    "tenant_id",
                    "user_domain_name",
                    "user_domain_id",
                    "project_domain_name",
                    "project_domain_id",
                    "domain_name",
                    "domain_id",
                    "default_domain",
                    "default_domain_id",
                    "default_domain_name",
                    "token",
                    "system_scope",
                    "application_credential_id",
                    "application_credential_name",
                    "application_credential_secret");

    private final Map<String, String> environment;
    private final Path workingDirectory;
    private final List<String> problems = new ArrayList<>();

    /// @param environment the engine's own
    public CloudReader(Map<String, String> environment, Path workingDirectory) {
        this.environment = environment;
        this.workingDirectory = workingDirectory;
    }

    /// What the provider's own configuration says; it wins.
    public record Wish(
            Optional<String> cloud,
            Optional<Path> file,
            Optional<String> authUrl,
            Optional<String> region,
            Optional<String> face,
            Optional<Path> caCertificates) {}

    /// The cloud; empty where [#problems] says why.
    public Optional<Cloud> read(Wish wish) {
        return settings(wish).flatMap(found -> cloud(wish, found));
    }

    /// All that is wrong, for people. None of it quotes a value.
    public List<String> problems() {
        return List.copyOf(problems);
    }

    private Optional<Map<String, Object>> settings(Wish wish) {
        Optional<String> name = wish.cloud().or(() -> variable("OS_CLOUD"));
        if (name.isEmpty() && wish.file().isEmpty() && variable("OS_AUTH_URL").isPresent()) {
            return Optional.of(ofTheEnvironment());
        }
        Optional<Path> file = wish.file().or(() -> CloudsFile.first(places()));
        if (file.isEmpty()) {
            return refuse("there is neither a clouds.yaml nor OS_AUTH_URL in the environment");
        }
        CloudsFile clouds;
        try {
            clouds = CloudsFile.read(file.get());
        } catch (IOException failed) {
            return refuse("%s cannot be read: %s".formatted(file.get(), failed.getMessage()));
        }
        if (name.isEmpty() && clouds.clouds().size() == 1) {
            return Optional.of(clouds.clouds().values().iterator().next());
        }
        if (name.isEmpty()) {
            return refuse(
                    "%s has %d clouds: say which, with cloud or OS_CLOUD"
                            .formatted(file.get(), clouds.clouds().size()));
        }
        Map<String, Object> found = clouds.clouds().get(name.get());
        return found == null
                ? refuse(
                        "%s has no cloud %s%s"
                                .formatted(
                                        file.get(),
                                        Names.abbreviate(name.get()),
                                        Names.nearest(name.get(), clouds.clouds().keySet())
                                                .map("; did you mean %s?"::formatted)
                                                .orElse("")))
                : Optional.of(found);
    }

    private List<Path> places() {
        Optional<String> named = variable("OS_CLIENT_CONFIG_FILE");
        if (named.isPresent()) {
            return List.of(workingDirectory.resolve(named.get()));
        }
        List<Path> places = new ArrayList<>();
        for (String folder : List.of("", configHome() + "/openstack", "/etc/openstack")) {
            for (String name : List.of("clouds.yaml", "clouds.yml")) {
                places.add(workingDirectory.resolve(folder).resolve(name));
            }
        }
        return places;
    }

    private String configHome() {
        return variable("XDG_CONFIG_HOME")
                .orElse(environment.getOrDefault("HOME", "/root") + "/.config");
    }

    private Map<String, Object> ofTheEnvironment() {
        Map<String, Object> auth = new LinkedHashMap<>();
        Map<String, Object> cloud = new LinkedHashMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith("OS_") && !value.isBlank()) {
                String key = variable.substring(3).toLowerCase(Locale.ROOT);
                (AUTH.contains(key) ? auth : cloud).put(key, value);
            }
        });
        cloud.put("auth", auth);
        return cloud;
    }

    private Optional<Cloud> cloud(Wish wish, Map<String, Object> cloud) {
        Map<String, Object> auth = struct(cloud.get("auth"));
        if (text(cloud, "profile").isPresent()) {
            problems.add("profile is not followed: write the vendor's settings out");
        }
        if (text(cloud, "cert").isPresent() || text(cloud, "key").isPresent()) {
            problems.add("client certificates (cert, key) are not offered");
        }
        if (isFalse(cloud.get("verify")) || isTrue(cloud.get("insecure"))) {
            problems.add("certificates are always checked: name the signer's with cacert");
        }
        if (text(cloud, "identity_api_version").filter(v -> !v.startsWith("3")).isPresent()) {
            problems.add("identity_api_version has to be 3");
        }
        Optional<URI> url = url("auth_url", wish.authUrl().or(() -> text(auth, "auth_url")));
        String face =
                wish.face()
                        .or(() -> text(cloud, "interface"))
                        .or(() -> text(cloud, "endpoint_type"))
                        .orElse("public")
                        .replace("URL", "");
        if (!List.of("public", "internal", "admin").contains(face)) {
            problems.add("interface has to be public, internal or admin");
        }
        if (url.isEmpty()) {
            problems.add("there is no auth_url: where Keystone is");
        }
        Optional<Identity> identity = identity(cloud, auth);
        Scope scope = scope(identity, auth);
        Map<Service, URI> endpoints = endpoints(cloud);
        if (!problems.isEmpty() || url.isEmpty() || identity.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Cloud(
                        new Access(
                                URI.create(
                                        url.get()
                                                .toString()
                                                .replaceAll("/*(v[23](\\.0)?/*)?$", "")),
                                identity.get(),
                                scope,
                                wish.region()
                                        .or(() -> text(cloud, "region_name"))
                                        .or(() -> variable("OS_REGION_NAME")),
                                face,
                                endpoints),
                        wish.caCertificates()
                                .or(() -> text(cloud, "cacert").map(workingDirectory::resolve))));
    }

    private Optional<Identity> identity(Map<String, Object> cloud, Map<String, Object> auth) {
        String type = text(cloud, "auth_type").orElse("password").replaceFirst("^v3", "");
        if (type.equals("applicationcredential") || type.equals("application_credential")) {
            return applicationCredential(auth);
        }
        if (type.equals("token")) {
            Optional<Value.Secret> token = secret(auth, "token");
            return token.isEmpty()
                    ? refuse("auth_type token needs token")
                    : token.map(Identity.Token::new);
        }
        if (!type.equals("password")) {
            return refuse("auth_type is not one of password, v3applicationcredential, token");
        }
        Optional<Named> user = named(auth, "user_id", "username");
        Optional<Value.Secret> password = secret(auth, "password");
        if (user.isEmpty() || password.isEmpty()) {
            return refuse("auth_type password needs username (or user_id) and password");
        }
        return Optional.of(new Identity.Password(user.get(), domain(auth, "user"), password.get()));
    }

    private Optional<Identity> applicationCredential(Map<String, Object> auth) {
        Optional<Named> credential =
                named(auth, "application_credential_id", "application_credential_name");
        Optional<Named> user = named(auth, "user_id", "username");
        Optional<Value.Secret> secret = secret(auth, "application_credential_secret");
        if (credential.isEmpty() || secret.isEmpty()) {
            return refuse(
                    "auth_type v3applicationcredential needs application_credential_id (or _name)"
                            + " and application_credential_secret");
        }
        boolean isByName = credential.get().key().equals("name");
        if (isByName && user.isEmpty()) {
            return refuse("an application credential by name needs username or user_id");
        }
        return Optional.of(
                new Identity.ApplicationCredential(
                        credential.get(),
                        isByName ? user : Optional.empty(),
                        domain(auth, "user"),
                        secret.get()));
    }

    private Scope scope(Optional<Identity> identity, Map<String, Object> auth) {
        if (identity.isPresent() && identity.get() instanceof Identity.ApplicationCredential) {
            return new Scope.Inherent();
        }
        Optional<Named> project =
                named(auth, "project_id", "project_name")
                        .or(() -> named(auth, "tenant_id", "tenant_name"));
        if (project.isEmpty()) {
            problems.add("there is no project_name or project_id: whose servers are they?");
            return new Scope.Inherent();
        }
        return new Scope.Project(project.get(), domain(auth, "project"));
    }

    private Named domain(Map<String, Object> auth, String whose) {
        return named(auth, whose + "_domain_id", whose + "_domain_name")
                .or(() -> named(auth, "domain_id", "domain_name"))
                .or(() -> named(auth, "default_domain_id", "default_domain_name"))
                .or(() -> text(auth, "default_domain").map(Named::id))
                .orElse(Named.id("default"));
    }

    private Map<Service, URI> endpoints(Map<String, Object> cloud) {
        Map<Service, URI> endpoints = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            String key = service + "_endpoint_override";
            url(key, text(cloud, key)).ifPresent(uri -> endpoints.put(service, uri));
        }
        return endpoints;
    }

    private Optional<URI> url(String key, Optional<String> text) {
        if (text.isPresent() && !text.get().matches("https?://[A-Za-z0-9._:\\[\\]/~-]+")) {
            return refuse(key + " is no URL");
        }
        return text.map(URI::create);
    }

    private static Optional<Named> named(Map<String, Object> struct, String id, String name) {
        return text(struct, id).map(Named::id).or(() -> text(struct, name).map(Named::name));
    }

    private static Optional<Value.Secret> secret(Map<String, Object> struct, String key) {
        return text(struct, key).map(text -> new Value.Secret(Value.of(text)));
    }

    private static Optional<String> text(Map<String, Object> struct, String key) {
        Object value = struct.get(key);
        return value == null || value instanceof Map<?, ?> || value.toString().isBlank()
                ? Optional.empty()
                : Optional.of(value.toString());
    }

    private static boolean isFalse(@Nullable Object value) {
        return value != null && value.toString().toLowerCase(Locale.ROOT).matches("false|no|0");
    }

    private static boolean isTrue(@Nullable Object value) {
        return value != null && value.toString().toLowerCase(Locale.ROOT).matches("true|yes|1");
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private <T> Optional<T> refuse(String problem) {
        problems.add(problem);
        return Optional.empty();
    }
}
