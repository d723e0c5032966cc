package dev.formwork.provider.ssh.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.Problem;
import dev.formwork.model.Problems;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

class AnsibleInventoryTest {
    private static final HostDefaults DEFAULTS =
            new HostDefaults(22, "me", List.of(), "/var/lib/formwork", Optional.empty(), false);

    @TempDir private Path folder;

    private final Problems problems = new Problems();

    private Map<String, HostDraft> read(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return AnsibleInventory.read(file, DEFAULTS, problems).stream()
                .collect(Collectors.toMap(HostDraft::name, Function.identity()));
    }

    private static HostDraft of(Map<String, HostDraft> hosts, String name) {
        return Objects.requireNonNull(hosts.get(name), name);
    }

    private String at(int line) {
        return "%s:%d:1".formatted(folder.resolve("hosts"), line);
    }

    private Map<String, HostDraft> ini(String text) throws IOException {
        return read("hosts", text);
    }

    private Map<String, HostDraft> yaml(String text) throws IOException {
        return read("hosts.yml", text);
    }

    @Test
    void readsHostsGroupsChildrenAndVariables() throws IOException {
        Map<String, HostDraft> hosts =
                ini(
                        """
                        # A comment
                        lonely ansible_host=10.0.0.9
                        [web]
                        web[01:03] ansible_user=deploy rack=a   # another
                        web04:2222 ansible_ssh_private_key_file=keys/web color='dark blue'
                        [db]
                        db-[a:c:2]
                        ; the third kind
                        [site:children]
                        web
                        db
                        [site:vars]
                        ansible_port=2200
                        ansible_ssh_common_args='-o ProxyJump="ops@bastion:2022,inner"'
                        [db:vars]
                        ansible_port = 2300
                        rack=d
                        """);

        assertThat(problems.all()).isEmpty();
        assertThat(hosts.keySet())
                .containsExactlyInAnyOrder(
                        "lonely", "web01", "web02", "web03", "web04", "db-a", "db-c");
        HostDraft web01 = of(hosts, "web01");
        assertThat(web01.user()).isEqualTo("deploy");
        assertThat(web01.port()).isEqualTo(2200);
        assertThat(web01.jump()).containsExactly("ops@bastion:2022", "inner");
        assertThat(web01.groups()).containsExactlyInAnyOrder("all", "site", "web");
        assertThat(web01.labels()).isEqualTo(Map.of("rack", "a"));
        HostDraft web04 = of(hosts, "web04");
        assertThat(web04.port()).isEqualTo(2222);
        assertThat(web04.key()).isEqualTo(folder.resolve("keys/web"));
        assertThat(web04.labels()).isEqualTo(Map.of("color", "dark blue"));
        assertThat(of(hosts, "db-c").port()).isEqualTo(2300);
        assertThat(of(hosts, "db-c").labels()).isEqualTo(Map.of("rack", "d"));
        assertThat(of(hosts, "lonely").address()).isEqualTo("10.0.0.9");
        assertThat(of(hosts, "lonely").user()).isEqualTo("me");
        assertThat(of(hosts, "lonely").groups()).containsExactlyInAnyOrder("all", "ungrouped");
    }

    @Test
    void readsTheSameInYaml() throws IOException {
        Map<String, HostDraft> hosts =
                yaml(
                        """
                        all:
                          hosts:
                            lonely: {ansible_host: 10.0.0.9}
                          vars: {ansible_user: deploy}
                          children:
                            site:
                              vars:
                                ansible_port: 2200
                                mounts: [{path: /srv}]
                              children:
                                web:
                                  hosts:
                                    web[01:03]:
                                    web04: {ansible_port: 2222}
                        standalone:
                          hosts:
                            web01: {rack: a}
                        """);

        assertThat(problems.all()).isEmpty();
        assertThat(hosts.keySet())
                .containsExactlyInAnyOrder("lonely", "web01", "web02", "web03", "web04");
        assertThat(of(hosts, "web01").groups())
                .containsExactlyInAnyOrder("all", "site", "web", "standalone");
        assertThat(of(hosts, "web01").labels()).isEqualTo(Map.of("rack", "a"));
        assertThat(of(hosts, "web02").port()).isEqualTo(2200);
        assertThat(of(hosts, "web04").port()).isEqualTo(2222);
        assertThat(of(hosts, "lonely").user()).isEqualTo("deploy");
    }

    @Test
    void tellsEverythingThatItDoesNotUnderstandWithItsLine() throws IOException {
        ini(
                """
                web ansible_become=yes ansible_port=99999
                db ansible_password=secret rack
                [web
                [ops:children]
                nobody
                [ops:vars]
                ansible_ssh_common_args=-o ProxyJump=a -o UserKnownHostsFile=/dev/null
                ansible_user={{ someone }}
                just words
                [more]
                x[3:1]
                y 'no end
                z ansible_host="a b" ansible_connection=local
                """);

        assertThat(problems.all())
                .extracting(problem -> String.valueOf(problem.location()))
                .contains(at(2), at(3), at(5), at(9), at(11), at(12));
        assertThat(problems.all()).allSatisfy(p -> assertThat(p.hint()).isNotBlank());
    }

    @Test
    void tellsWhatIsWrongWithVariablesWhereTheyAreWritten() throws IOException {
        ini(
                """
                web ansible_become=yes ansible_port=99999
                db ansible_password=secret
                [all:vars]
                ansible_ssh_common_args=-o ProxyJump=a -o UserKnownHostsFile=/dev/null
                ansible_user={{ someone }}
                [more]
                z ansible_host="a b" ansible_connection=local
                """);

        assertThat(problems.all())
                .extracting(Problem::toString)
                .anyMatch(p -> p.contains("hosts:1:") && p.contains("ansible_become"))
                .anyMatch(p -> p.contains("hosts:1:") && p.contains("ansible_port"))
                .anyMatch(p -> p.contains("hosts:2:") && p.contains("ansible_password"))
                .anyMatch(p -> p.contains("hosts:4:") && p.contains("more than a ProxyJump"))
                .anyMatch(p -> p.contains("hosts:5:") && p.contains("template"))
                .anyMatch(p -> p.contains("hosts:7:") && p.contains("ansible_host"))
                .anyMatch(p -> p.contains("hosts:7:") && p.contains("ansible_connection"))
                .noneMatch(p -> p.contains("secret"));
    }

    @Test
    void tellsWhatYamlItDoesNotUnderstand() throws IOException {
        yaml(
                """
                all:
                  hosts:
                    web: {ansible_password: !vault x}
                    db: [1, 2]
                  host:
                    typo: {}
                """);

        assertThat(problems.all())
                .extracting(Problem::toString)
                .anyMatch(p -> p.contains("hosts.yml:3:") && p.contains("ansible_password"))
                .anyMatch(p -> p.contains("hosts.yml:4:"))
                .anyMatch(p -> p.contains("hosts.yml:5:") && p.contains("host"));
    }

    @Test
    void refusesWhatIsNotYaml() throws IOException {
        yaml("all:\n  hosts: {a: {\n");

        assertThat(problems.all())
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.detail()).startsWith("not YAML");
                    assertThat(p.location()).isNotNull();
                });
    }

    @Test
    void refusesGroupsThatAreBelowThemselves() throws IOException {
        ini("[a:children]\nb\n[b:children]\na\n");

        assertThat(problems.all()).anyMatch(p -> p.detail().contains("below itself"));
    }

    @Test
    void refusesWhatAnsibleWouldTakeFromElsewhere() throws IOException {
        Files.createDirectory(folder.resolve("group_vars"));
        ini("web\n");
        read("script", "#!/bin/sh\necho {}\n");
        AnsibleInventory.read(folder, DEFAULTS, problems);
        AnsibleInventory.read(folder.resolve("missing"), DEFAULTS, problems);

        assertThat(problems.all())
                .extracting(Problem::detail)
                .anyMatch(detail -> detail.contains("group_vars"))
                .anyMatch(detail -> detail.contains("script"))
                .anyMatch(detail -> detail.contains("directory"))
                .anyMatch(detail -> detail.contains("cannot be read"));
    }

    @Test
    void refusesMergesInYamlWhichMayChangeWhoLogsInWhere() throws IOException {
        yaml(
                """
                all:
                  hosts:
                    one: &one {ansible_user: deploy}
                    two: {<<: *one}
                """);

        assertThat(problems.all())
                .extracting(Problem::detail)
                .containsExactly("a merge (<<) is not followed");
    }

    @Test
    void refusesKeysThatAreThereTwiceInYaml() throws IOException {
        yaml(
                """
                all:
                  hosts:
                    one: {ansible_host: 10.0.0.1, ansible_host: 10.0.0.2}
                    two:
                    two: {ansible_user: deploy}
                """);

        assertThat(problems.all())
                .extracting(Problem::detail)
                .containsExactlyInAnyOrder("ansible_host is there twice", "two is there twice");
    }
}
