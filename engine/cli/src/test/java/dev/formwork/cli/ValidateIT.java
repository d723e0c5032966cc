package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Commands that need no engine, on real files.
class ValidateIT {
    @TempDir private Path folder;

    @Test
    void findsTheStandardPackAndTheQuickstartRight() {
        Path app = Path.of("../..").toAbsolutePath().normalize();
        Sessions formwork = new Sessions(app);
        assertThat(formwork.run("validate", "workflows")).as(formwork.out()).isZero();
        for (String example :
                List.of(
                        "ansible-playbook",
                        "clouds",
                        "clouds/aws.yaml",
                        "clouds/gce.yaml",
                        "clouds/openstack.yaml",
                        "debian-installer",
                        "places",
                        "quickstart")) {
            assertThat(formwork.run("validate", "examples/" + example)).as(formwork.out()).isZero();
        }
        assertThat(formwork.out()).contains("cluster quickstart", "3 machines");
    }

    @Test
    void printsEveryProblemWithItsPlace() throws IOException {
        Files.writeString(
                folder.resolve("cluster.yaml"),
                """
                kind: Cluster
                naem: demo
                workflow: etcd-cluster
                groups: {members: {count: many, provider: local}}
                """);
        Sessions formwork = new Sessions(folder);
        assertThat(formwork.run("validate", "cluster.yaml")).isEqualTo(1);
        assertThat(formwork.out())
                .contains("cluster.yaml:2:1: yaml.unknown-key", "hint: did you mean name?")
                .contains("cluster.yaml:4:27: yaml.wrong-type");
        assertThat(formwork.run("validate", "cluster.yaml", "-o", "json")).isEqualTo(1);
        assertThat(formwork.out()).contains("\"valid\": false", "\"line\": 2");
    }

    @Test
    void looksAtPoolsAndPrices() throws IOException {
        Files.writeString(
                folder.resolve("pool.yaml"),
                "{kind: Pool, name: metal, where: machine.facts.cpus > 4, clean: power-off}");
        Files.writeString(
                folder.resolve("costs.yaml"),
                "{kind: Prices, currency: EUR, prices: [{provider: aws, per_hour: 0.1}]}");
        Sessions formwork = new Sessions(folder);
        assertThat(formwork.run("validate", "pool.yaml")).as(formwork.out()).isZero();
        assertThat(formwork.run("validate", ".")).as(formwork.out()).isZero();
        assertThat(formwork.out()).contains("pool metal");
        assertThat(formwork.run("validate", "costs.yaml")).as(formwork.out()).isZero();
        assertThat(formwork.out()).contains("1 price in EUR");

        Files.writeString(
                folder.resolve("pool.yaml"),
                """
                kind: Pool
                name: metal
                where: machine.fact.cpus > 4
                claen: power-off
                """);
        Files.writeString(
                folder.resolve("costs.yaml"),
                """
                kind: Prices
                currency: EUR
                prices:
                  - {provider: aws, per_hour: cheap}
                """);
        assertThat(formwork.run("validate", "pool.yaml")).isEqualTo(1);
        assertThat(formwork.out())
                .contains("pool.yaml:4:1: yaml.unknown-key", "did you mean clean?");
        assertThat(formwork.run("validate", "costs.yaml")).isEqualTo(1);
        assertThat(formwork.out())
                .contains("costs.yaml:4:31: yaml.bad-value", "'cheap' is no price");
        Files.writeString(
                folder.resolve("pool.yaml"), "{kind: Pool, name: metal, where: machine.size > 4}");
        assertThat(formwork.run("validate", "pool.yaml")).isEqualTo(1);
        assertThat(formwork.out()).contains("pool.yaml:1:41: expression.unknown-reference");
    }

    @Test
    void namesTheNearestWorkflow() throws IOException {
        Files.writeString(
                folder.resolve("cluster.yaml"),
                "{kind: Cluster, name: demo, workflow: etcd-clustre, groups: {}}");
        Sessions formwork = new Sessions(folder);
        assertThat(formwork.run("validate", ".")).isEqualTo(1);
        assertThat(formwork.out()).contains("module.unknown", "did you mean etcd-cluster?");
    }

    @Test
    void plansTheTestsOfTheStandardPack() {
        Sessions formwork = new Sessions(Path.of("../..").toAbsolutePath().normalize());
        assertThat(formwork.run("test", "--plans-only", "workflows")).as(formwork.out()).isZero();
        assertThat(formwork.out()).contains("ok    etcd-cluster: forms", ", 0 failed");
    }

    @Test
    void tellsWhatAPlanLacksThatATestExpects() throws IOException {
        Files.writeString(
                folder.resolve("module.yaml"),
                "{kind: Task, name: hello, version: 1.0.0, run: 'echo hello'}");
        Files.createDirectory(folder.resolve("tests"));
        Files.writeString(
                folder.resolve("tests/wrong.yaml"),
                """
                name: expects too much
                machines: {m: {count: 1}}
                expect: {nodes: [hello@test-m-0, bye@test-m-0], effects: {reboot: 1}}
                """);
        Sessions formwork = new Sessions(folder);
        assertThat(formwork.run("test", ".")).isEqualTo(1);
        assertThat(formwork.out())
                .contains("FAIL  hello: expects too much", "tests/wrong.yaml")
                .contains("expected, and not planned: bye@test-m-0")
                .contains("reboot: expected 1, planned 0");
    }
}
