package dev.formwork.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.TestKeys;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The classes that the image has ready are those that the agent loads.
///
/// The list is locked, as packages are: what a run loads differs a little from run to run. With
/// `-Dformwork.update=true` this test writes it anew.
class ClassListIT {
    private static final Path LIST =
            Path.of("src/main/resources/dev/formwork/image/classes.txt").toAbsolutePath();

    @TempDir Path folder;

    @Test
    void holdsAlmostAllThatTheAgentLoads() throws Exception {
        Set<String> loaded = loaded();
        if (Boolean.getBoolean("formwork.update")) {
            Files.write(LIST, loaded);
        }
        Set<String> listed = new TreeSet<>(Files.readAllLines(LIST));
        Set<String> missing = new TreeSet<>(loaded);
        missing.removeAll(listed);

        assertThat(missing)
                .as("run ClassListIT with -Dformwork.update=true")
                .hasSizeLessThan(loaded.size() / 20);
    }

    /// What an agent loads that registers over TLS and runs a job.
    private Set<String> loaded() throws Exception {
        TestKeys keys = TestKeys.make(folder, "engine", "ip:127.0.0.1", "ip:10.0.2.2");
        Files.writeString(folder.resolve("token"), TestEngine.TOKEN);
        Path list = folder.resolve("loaded");
        try (TestEngine engine = new TestEngine(keys.context())) {
            engine.offer(engine.job("j-1", "echo hello"));
            ProcessBuilder agent = new ProcessBuilder(command(list));
            agent.environment().put("FORMWORK_ENGINE_URL", "https://127.0.0.1:" + engine.port());
            agent.environment().put("FORMWORK_AGENT_DIR", folder.resolve("agent").toString());
            agent.environment().put("FORMWORK_BOOT_TOKEN_FILE", folder.resolve("token").toString());
            agent.environment().put("FORMWORK_CA_FILE", folder.resolve("engine.pem").toString());
            agent.redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
            Process process = agent.start();
            try {
                engine.awaitReport();
                engine.awaitCall("POST /agent/v1/poll");
            } finally {
                process.destroy();
                process.waitFor();
            }
        }
        return Files.readAllLines(list).stream()
                .filter(line -> !line.startsWith("#"))
                // Numbers tie classes to loaders of one run.
                .map(line -> line.replaceFirst(" id: .*", ""))
                .filter(line -> !line.startsWith("@cp") && !line.contains(" source: "))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> command(Path list) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Workshop.jdk().resolve("bin/java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-Xshare:off");
        command.add("-XX:DumpLoadedClassList=" + list);
        command.add("-cp");
        command.add(
                Workshop.agentJars().stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator)));
        command.add("dev.formwork.agent.Main");
        return command;
    }
}
