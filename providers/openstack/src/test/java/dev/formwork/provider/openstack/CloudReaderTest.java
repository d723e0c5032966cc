package dev.formwork.provider.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.value.Value;
import dev.formwork.provider.openstack.api.Access;
import dev.formwork.provider.openstack.api.Access.Identity;
import dev.formwork.provider.openstack.api.Access.Named;
import dev.formwork.provider.openstack.api.Access.Scope;
import dev.formwork.provider.openstack.api.Service;
import dev.formwork.provider.openstack.config.Cloud;
import dev.formwork.provider.openstack.config.CloudReader;
import dev.formwork.provider.openstack.config.CloudReader.Wish;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds clouds where openstacksdk does.
class CloudReaderTest {
    private static final Wish NOTHING = wish(null);

    @TempDir private Path home;

    private static Wish wish(@org.jspecify.annotations.Nullable String cloud) {
        return new Wish(
                Optional.ofNullable(cloud),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private CloudReader reader(String... environment) {
        Map<String, String> all = new HashMap<>(Map.of("HOME", home.toString()));
        // Not the host's own /etc/openstack, if it has one.
        all.put("OS_CLIENT_CONFIG_FILE", home.resolve("clouds.yaml").toString());
        for (int i = 0; i < environment.length; i += 2) {
            all.put(environment[i], environment[i + 1]);
        }
        return new CloudReader(all, home);
    }

    private void clouds(String yaml) throws IOException {
        Files.writeString(home.resolve("clouds.yaml"), yaml);
    }

    private static Value.Secret secret(String text) {
        return new Value.Secret(Value.of(text));
    }

    @Test
    void readsTheEnvironment() {
        Cloud cloud =
                reader(
                                "OS_AUTH_URL", "https://cloud.example:5000/v3/",
                                "OS_USERNAME", "me",
                                "OS_PASSWORD", "secret",
                                "OS_PROJECT_NAME", "lab",
                                "OS_USER_DOMAIN_NAME", "Corp",
                                "OS_REGION_NAME", "West",
                                "OS_INTERFACE", "internal",
                                "OS_CACERT", "/ca.pem")
                        .read(NOTHING)
                        .orElseThrow();

        assertThat(cloud.caCertificates()).contains(Path.of("/ca.pem"));
        assertThat(cloud.access())
                .isEqualTo(
                        new Access(
                                URI.create("https://cloud.example:5000"),
                                new Identity.Password(
                                        Named.name("me"), Named.name("Corp"), secret("secret")),
                                new Scope.Project(Named.name("lab"), Named.id("default")),
                                Optional.of("West"),
                                "internal",
                                Map.of()));
        assertThat(cloud.toString()).doesNotContain("secret");
    }

    @Test
    void readsACloudOfTheFileWithWhatIsKeptApart() throws IOException {
        clouds(
                """
                clouds:
                  one:
                    auth: {auth_url: http://one/identity, username: me, project_id: p1}
                  two:
                    auth_type: v3applicationcredential
                    auth:
                      auth_url: http://two:5000/v3
                      application_credential_id: ac
                    region_name: East
                    endpoint_type: publicURL
                    compute_endpoint_override: http://nova:8774/v2.1
                """);
        Files.writeString(
                home.resolve("secure.yaml"),
                "clouds: {two: {auth: {application_credential_secret: x}}, one: {auth: {password: 5}}}");

        Access two = reader("OS_CLOUD", "two").read(NOTHING).orElseThrow().access();

        assertThat(two.identity())
                .isEqualTo(
                        new Identity.ApplicationCredential(
                                Named.id("ac"),
                                Optional.empty(),
                                Named.id("default"),
                                secret("x")));
        assertThat(two.scope()).isEqualTo(new Scope.Inherent());
        assertThat(two.authUrl()).isEqualTo(URI.create("http://two:5000"));
        assertThat(two.face()).isEqualTo("public");
        assertThat(two.endpoints())
                .containsEntry(Service.COMPUTE, URI.create("http://nova:8774/v2.1"));
        Access one = reader("OS_CLOUD", "two").read(wish("one")).orElseThrow().access();
        assertThat(one.authUrl()).isEqualTo(URI.create("http://one/identity"));
    }

    @Test
    void theOnlyCloudNeedsNoName() throws IOException {
        clouds(
                "clouds: {only: {auth: {auth_url: http://a, username: u, password: p, project_name: x}}}");
        assertThat(reader().read(NOTHING)).isPresent();
    }

    @Test
    void saysWhichCloudIsMeantPerhaps() throws IOException {
        clouds("clouds: {production: {}, lab: {}}");
        CloudReader wrong = reader("OS_CLOUD", "prodction");
        assertThat(wrong.read(NOTHING)).isEmpty();
        assertThat(wrong.problems())
                .singleElement()
                .asString()
                .contains("did you mean production?");
        CloudReader none = reader();
        assertThat(none.read(NOTHING)).isEmpty();
        assertThat(none.problems()).singleElement().asString().contains("2 clouds");
    }

    @Test
    void refusesAllThatItDoesNotFollow() throws IOException {
        clouds(
                """
                clouds:
                  odd:
                    profile: vendor
                    verify: false
                    cert: /c.pem
                    interface: secret
                    identity_api_version: 2
                    auth: {auth_url: "ftp://x y", username: me, password: hunter2}
                """);
        CloudReader reader = reader();
        assertThat(reader.read(NOTHING)).isEmpty();
        assertThat(reader.problems())
                .hasSize(8)
                .noneMatch(problem -> problem.contains("hunter2"))
                .anyMatch(problem -> problem.startsWith("profile"))
                .anyMatch(problem -> problem.contains("always checked"))
                .anyMatch(problem -> problem.startsWith("client certificates"))
                .anyMatch(problem -> problem.startsWith("interface"))
                .anyMatch(problem -> problem.startsWith("identity_api_version"))
                .anyMatch(problem -> problem.contains("project"));
    }

    @Test
    void aBrokenFileIsNotQuoted() throws IOException {
        clouds("clouds: {a: {auth: {password: hunter2\n b: [");
        CloudReader reader = reader();
        assertThat(reader.read(NOTHING)).isEmpty();
        assertThat(String.join("\n", reader.problems()))
                .contains("is no YAML")
                .doesNotContain("hunter2");
        assertThat(List.of(reader.problems())).hasSize(1);
    }
}
