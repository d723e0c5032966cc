package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How `./mvnw` and `./formwork` find their JDK, on hosts whose own is too old.
class JdkIT {
    @TempDir private Path folder;

    @Test
    void passesOverAJdkThatIsTooOldWhereverItIsNamed() throws IOException {
        Path old = jdk(folder.resolve("old"), "17.0.9");
        Path home = folder.resolve("home");
        Path good = jdk(home.resolve(".sdkman/candidates/java/formwork"), "25.0.1");

        Command found = find(old, "", home, script());

        assertThat(found.status()).as(found.output()).isZero();
        Path jdk = Path.of(found.output().strip());
        assertThat(jdk).isNotEqualTo(old);
        assertThat(Files.readString(jdk.resolve("release"))).containsPattern("=\"2[5-9]");
        assertThat(find(old, old.toString(), home, script()).output()).isEqualTo(found.output());
        assertThat(find(old, good.toString(), home, script()).output().strip())
                .as("one that was chosen, and will do")
                .isEqualTo(good.toString());
    }

    @Test
    void saysWhereItLookedWhereThereIsNone() throws IOException {
        Path old = jdk(folder.resolve("old"), "17.0.9");
        Path wants =
                Files.writeString(
                        folder.resolve("find-jdk.sh"),
                        Files.readString(script())
                                .replace("formwork_jdk_wanted=25", "formwork_jdk_wanted=999"));

        Command found = find(old, "", folder, wants);

        assertThat(found.status()).isEqualTo(1);
        assertThat(found.output())
                .contains("needs a JDK 999 or newer", "JAVA_HOME", "/usr/lib/jvm", "adoptium.net");
    }

    private static Path script() {
        return Checkout.root().resolve(".mvn/find-jdk.sh");
    }

    /// @param onPath the JDK whose programs are first on the PATH
    /// @param named by JAVA_HOME; empty where it is not set
    private static Command find(Path onPath, String named, Path home, Path script) {
        return Command.run(
                Duration.ofSeconds(30),
                List.of(
                        "env",
                        "-i",
                        "PATH=" + onPath.resolve("bin") + ":/usr/bin:/bin",
                        "HOME=" + home,
                        named.isEmpty() ? "UNNAMED=1" : "JAVA_HOME=" + named,
                        "sh",
                        "-c",
                        ". \"$1\" && printf '%s\\n' \"$JAVA_HOME\"",
                        "sh",
                        script.toString()));
    }

    private static Path jdk(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        for (String program : List.of("java", "javac")) {
            Path file = home.resolve("bin").resolve(program);
            Files.writeString(file, "#!/bin/sh\necho must not run >&2\nexit 97\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
