package dev.formwork.boot.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.model.ProblemException;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// GRUB's own parser reads what is written for it, whatever stands in it.
final class GrubIT {
    private static final String CHARACTERS = "ab1-=.,/ $|;#'\"\\{}[]()<>`&?!~^%*@+:\n\r\t\0\u00e4";

    @TempDir private Path folder;

    @BeforeAll
    static void needs() {
        Needs.programs("grub-script-check");
    }

    @Test
    void readsEveryDecision() throws Exception {
        LinuxBoot linux =
                new LinuxBoot(
                        "os/debian-12",
                        "sha256/ab",
                        List.of("sha256/cd", "sha256/ef"),
                        List.of("console=ttyS0,115200n8", "url=http://10.0.0.1/x?y=(1)&z=~!*^[2]"));

        assertThat(complaint("echo 'a quote that does not end\n")).isNotEmpty();
        for (Decision decision :
                List.of(
                        new Decision.Boot(linux),
                        new Decision.LocalDisk(),
                        new Decision.Wait("Formwork fetches os/debian-12"),
                        new Decision.Refuse("boot.loop: it's (again) too much"))) {
            assertThat(complaint(config(decision))).as("%s", decision).isEmpty();
        }
    }

    @Test
    void readsWhatHostileTextsAreIn() throws Exception {
        List<String> texts =
                new ArrayList<>(
                        List.of("'", "'; reboot; '", "\\", "a\nreboot", "${x}", "$(id)", "#", "{"));
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            texts.add(
                    random.ints(1 + random.nextInt(20), 0, CHARACTERS.length())
                            .mapToObj(at -> CHARACTERS.substring(at, at + 1))
                            .reduce("", String::concat));
        }
        for (String hostile : texts) {
            assertThat(complaint(config(new Decision.Refuse(hostile)))).as(hostile).isEmpty();
        }
        String accepted = "";
        for (String value : CHARACTERS.split("", -1)) {
            try {
                LinuxBoot linux =
                        new LinuxBoot("x", "k", List.of("i"), List.of("a=" + value + "b"));
                assertThat(complaint(config(new Decision.Boot(linux)))).as(value).isEmpty();
                accepted += value;
            } catch (ProblemException e) {
                assertThat(e.code()).isEqualTo("boot.unsafe-value");
            }
        }
        assertThat(accepted).isEqualTo("ab1-=.,/[]()&?!~^%*@+:");
    }

    private static String config(Decision decision) {
        Content found =
                new ScriptSource((_, _) -> decision)
                        .find(
                                new ContentSource.Asked(
                                        "boot/grub.cfg",
                                        "",
                                        Ipv4.parse("10.0.0.7"),
                                        "10.0.0.1:8080"))
                        .orElseThrow();
        return ((Content.Rendered) found).octets().text();
    }

    /// What GRUB has to say against a configuration.
    private String complaint(String config) throws IOException, InterruptedException {
        Path file = folder.resolve("grub.cfg");
        Files.write(file, config.getBytes(StandardCharsets.ISO_8859_1));
        Process check =
                new ProcessBuilder("grub-script-check", file.toString())
                        .redirectErrorStream(true)
                        .start();
        String said =
                new String(check.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        return check.waitFor() == 0 ? "" : "grub-script-check: " + said;
    }
}
