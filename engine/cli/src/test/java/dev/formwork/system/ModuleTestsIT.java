package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `formwork test workflows`: the tests of every module of the standard pack, plans and tasks.
class ModuleTestsIT {
    @TempDir private Path home;

    @Test
    void theTestsOfTheStandardPackPassAndTheirTasksAreRun() {
        EtcdPackages.need();
        List<String> modules = new ArrayList<>();
        try (CliProcess cli =
                CliProcess.start(home, Checkout.root(), "test", "workflows", "-o", "json")) {
            cli.awaitEnd(0);

            for (JsonNode test : JsonMapper.shared().readTree(cli.out()).path("items")) {
                modules.add(test.path("module").asString());
                assertThat(test.path("passed").asBoolean()).as(test.toString()).isTrue();
                assertThat(test.path("task_skipped").asBoolean()).as(test.toString()).isFalse();
            }
        }
        assertThat(modules)
                .contains("etcd-cluster", "etcd/from-archive", "etcd/from-distribution")
                .contains("etcd/member", "etcd/add-member", "etcd/remove-member", "etcd/health")
                .contains("pki/ca", "pki/certificate");
    }
}
