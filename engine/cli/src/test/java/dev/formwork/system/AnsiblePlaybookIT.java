package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `examples/ansible-playbook` by the commands of its README, with the real Ansible; only the
/// folder of its pages is another.
class AnsiblePlaybookIT {
    private static final String USUAL_ROOT = "/tmp/formwork-websites";

    @TempDir private Path folder;

    @Test
    void aPlaybookRunsAsItIsAndItsDryRunIsTheCheck() throws IOException {
        Needs.programs("ansible-playbook");
        Path pack = folder.resolve("examples/ansible-playbook");
        copy(Checkout.root().resolve("examples/ansible-playbook"), pack);
        Path cluster = pack.resolve("cluster.yaml");
        Path root = folder.resolve("sites");
        Files.writeString(cluster, Files.readString(cluster).replace(USUAL_ROOT, root.toString()));
        List<String> commands = commands(Files.readString(pack.resolve("README.md")));
        assertThat(commands)
                .containsExactly(
                        "serve",
                        "apply examples/ansible-playbook/cluster.yaml --yes",
                        "plan examples/ansible-playbook/cluster.yaml",
                        "plan examples/ansible-playbook/cluster.yaml",
                        "apply examples/ansible-playbook/cluster.yaml --yes",
                        "destroy websites --yes");
        Path page = root.resolve("websites-web-1/index.html");
        try (EngineProcess engine = new EngineProcess(folder.resolve("data"))) {
            formwork(0, engine, "test --plans-only examples/ansible-playbook");
            engine.start(EngineOptions.USUAL);
            assertThat(formwork(0, engine, commands.get(1))).contains("succeeded");
            assertThat(page)
                    .content()
                    .contains("<h1>Hello from Ansible</h1>", "This is websites-web-1.");
            assertThat(engine.api().cluster("websites").outputs().path("pages").asInt())
                    .isEqualTo(2);
            assertThat(engine.api().cluster("websites").outputs().path("changed").toString())
                    .isEqualTo("[2,2]");
            assertThat(formwork(0, engine, commands.get(2) + " --detailed-exitcode"))
                    .contains("unchanged");

            Files.writeString(page, "gone\n");
            assertThat(formwork(2, engine, commands.get(3) + " --detailed-exitcode"))
                    .contains("site  websites-web-1  will run")
                    .doesNotContain("websites-web-0");
            formwork(0, engine, commands.get(4));
            assertThat(page).content().contains("This is websites-web-1.");

            formwork(0, engine, commands.get(5));
            assertThat(page).doesNotExist();
        }
    }

    private String formwork(int exitCode, EngineProcess engine, String arguments) {
        return CliProcess.run(exitCode, engine.data(), folder, arguments.split(" ", -1));
    }

    private static List<String> commands(String readme) {
        return Pattern.compile("(?m)^\\./formwork ([^#\\n]*?) *(#.*)?$")
                .matcher(readme)
                .results()
                .map((MatchResult each) -> each.group(1))
                .toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
