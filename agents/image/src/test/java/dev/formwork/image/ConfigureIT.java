package dev.formwork.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a machine makes of the boot server's answer, in the shell that it has.
class ConfigureIT {
    private static final String CERTIFICATE =
            "-----BEGIN CERTIFICATE-----\nMIIBdj+/CCAR2=\n-----END CERTIFICATE-----\n";

    @TempDir Path folder;
    private Path boot = Path.of("");
    private Path busybox = Path.of("");

    @BeforeEach
    void takeScripts() throws IOException {
        Needs.programs("apt-get", "apt-cache");
        busybox = Workshop.unpacked("busybox").resolve("bin/busybox");
        boot = folder.resolve("run/boot");
        for (String each : List.of("words", "ask", "configure")) {
            Files.writeString(
                    folder.resolve(each),
                    Recipe.text("root/" + each).replace("/usr/lib/formwork/boot/", folder + "/"));
        }
    }

    @Test
    void takesTheAnswerApart() throws Exception {
        assertThat(
                        read(
                                "formwork-boot 1\r\nengine https://10.0.0.1:7474\n"
                                        + "engine https://[fd00::1]:7474\nnew-key x y z\n"
                                        + "token abc.DEF-1\nhostname node-1\n"
                                        + "card 52:54:00:00:00:02 10.78.0.1/24\n"
                                        + "card 52:54:00:00:00:03 10.79.0.1/32\n"
                                        + CERTIFICATE
                                        + CERTIFICATE))
                .isZero();
        assertThat(boot.resolve("engines"))
                .hasContent("https://10.0.0.1:7474,https://[fd00::1]:7474");
        assertThat(boot.resolve("token")).hasContent("abc.DEF-1");
        assertThat(boot.resolve("hostname")).hasContent("node-1");
        assertThat(boot.resolve("cards"))
                .hasContent("52:54:00:00:00:02 10.78.0.1/24\n52:54:00:00:00:03 10.79.0.1/32\n");
        assertThat(boot.resolve("ca.pem")).hasContent(CERTIFICATE + CERTIFICATE);
        assertThat(Files.getPosixFilePermissions(boot)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "formwork-boot 2\nengine http://a\ntoken b\n",
                "formwork-boot 1\ntoken b\n",
                "formwork-boot 1\nengine http://a\n",
                "formwork-boot 1\nengine http://a\ntoken \n",
                "formwork-boot 1\nengine http://a;reboot\ntoken b\n",
                "formwork-boot 1\nengine http://a,http://b\ntoken b\n",
                "formwork-boot 1\nengine http://$(reboot)\ntoken b\n",
                "formwork-boot 1\nengine http://a\ntoken `reboot`\n",
                "formwork-boot 1\nengine http://a\ntoken b\nhostname -F/etc/shadow\n",
                "formwork-boot 1\nengine http://a\ntoken b\nhostname a b\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 10.0.0.1\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 10.0.0.1/33\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 10.0.0.1/0\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 10.0.0.256/24\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 10.0.0.01/24\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 10.0.0/24\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 10/0.0.1.24\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 127.0.0.1/8\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 224.0.0.1/24\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 10.0.0.1/24 dev eth0\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 $(reboot)/24\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:02 */*\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52-54-00-00-00-02 10.0.0.1/24\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard 52:54:00:00:00:2 10.0.0.1/24\n",
                "formwork-boot 1\nengine http://a\ntoken b\ncard eth0 10.0.0.1/24\n",
                "formwork-boot 1\nengine http://a\ntoken b\n-----BEGIN CERTIFICATE-----\nMII\n",
                "formwork-boot 1\nengine http://a\ntoken b\n-----BEGIN CERTIFICATE-----\n$(id)\n",
            })
    void refusesTheWholeOfAnAnswerThatIsWrong(String answer) throws Exception {
        assertThat(read(answer)).isEqualTo(1);
        assertThat(boot).doesNotExist();
    }

    private int read(String answer) throws Exception {
        Path input = Files.writeString(folder.resolve("answer"), answer);
        ProcessBuilder shell =
                new ProcessBuilder(
                        busybox.toString(), "sh", folder.resolve("configure").toString(), "--read");
        shell.environment().put("FORMWORK_RUN", folder.resolve("run").toString());
        return shell.redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start()
                .waitFor();
    }
}
