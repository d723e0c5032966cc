package dev.formwork.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a machine makes of the configurations for Ignition that it does not apply, with the real
/// program. [ImageIT] shows what it makes of the others.
class IgnitionIT {
    @TempDir Path folder;
    private MachineShell shell;
    private TestEngine server;

    @BeforeEach
    void start() throws IOException {
        Needs.programs("apt-get", "apt-cache");
        shell = new MachineShell(folder, List.of("words", "ask", "ignition"));
        server = new TestEngine(null);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void doesNothingWhereTheMachineHasNoConfiguration() throws Exception {
        boot("/boot/claim?machine=1");
        boot("");

        String nonce = "nonce=" + Files.readString(shell.run().resolve("nonce"));
        assertThat(server.asked())
                .containsExactly("/boot/ignition?machine=1&" + nonce, "/ignition?" + nonce);
        assertThat(shell.console()).isEmpty();
        assertThat(outcome()).doesNotExist();
    }

    @Test
    void saysThatTheImageLacksTheProgram() throws Exception {
        serve("{}");

        boot("/machine");

        assertNotApplied("ignition.absent", "this image was built without it");
    }

    @Test
    void saysThatTheConfigurationCannotBeHad() throws Exception {
        server.refuse("ignition", "boot.unsafe-value: no such parameter");
        boot("/machine");
        assertNotApplied(
                "ignition.unavailable",
                "the boot server refuses the configuration: boot.unsafe-value: no such parameter");
        assertThat(shell.waits()).isEmpty();

        shell.clearConsole();
        serve(" ".repeat(1 << 20) + "{}");
        boot("/machine");
        assertNotApplied("ignition.unavailable", "is larger than 1048576 bytes");

        shell.clearConsole();
        String url = "http://127.0.0.1:" + server.port() + "/machine";
        server.close();
        assertThat(shell.start("ignition", url).waitFor()).isZero();
        assertNotApplied("ignition.unavailable", "the boot server can't be reached any more");
        assertThat(shell.waits()).containsExactly("1", "2", "4", "8", "0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'ignition': | unexpected end of JSON input",
                "{'ignition': {'version': '99.0.0'}} | unsupported config version",
                "{'ignition': {'version': '3.3.0'}, 'storage': {'files': [{'path': 'a'}]}}"
                        + " | error at $.storage.files.0.path",
            })
    void saysWhereIgnitionFindsItWrong(String configuration, String words) throws Exception {
        program();
        serve(configuration);

        boot("/machine");

        assertNotApplied("ignition.invalid", words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'storage': {'disks': [{'device': '/dev/a', 'wipeTable': true}]} | storage.disks",
                "'storage': {'raid': [{'name': 'a', 'level': 'raid0', 'devices': ['/dev/a']}]}"
                        + " | storage.raid",
                "'storage': {'luks': [{'name': 'a', 'device': '/dev/a', 'clevis': {'tpm2': true}}]}"
                        + " | storage.luks",
                "'storage': {'filesystems': [{'device': '/dev/a', 'format': 'ext4'}]}"
                        + " | storage.filesystems",
                "'systemd': {'units': [{'name': 'a.service', 'mask': true}]} | systemd.units",
                "'kernelArguments': {'shouldExist': ['quiet']} | kernelArguments",
                "'kernelArguments': {'shouldNotExist': ['quiet']} | kernelArguments",
            })
    void appliesNothingWhereItCannotDoAll(String section, String words) throws Exception {
        program();
        serve("{'ignition': {'version': '3.3.0'}, " + section + "}");

        boot("/machine");

        assertNotApplied(
                "ignition.unsupported",
                "nothing is applied, as the container OS can't do this: " + words);
    }

    private void program() throws IOException {
        shell.link(
                Workshop.unpacked("ignition")
                        .resolve("usr/lib/dracut/modules.d/30ignition/ignition"));
    }

    /// @param configuration with apostrophes for quotation marks
    private void serve(String configuration) {
        server.serve("ignition", configuration.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private void boot(String claim) throws Exception {
        String url = "http://127.0.0.1:" + server.port() + claim;
        assertThat(shell.start("ignition", url).waitFor()).isZero();
    }

    private void assertNotApplied(String code, String words) throws IOException {
        assertThat(shell.console().getLast()).startsWith("<3>formwork: " + code).contains(words);
        assertThat(Files.readAllLines(outcome()))
                .satisfiesExactly(
                        applied -> assertThat(applied).isEqualTo("no"),
                        said -> assertThat(said).isEqualTo(code),
                        detail -> assertThat(detail).contains(words));
    }

    private Path outcome() {
        return shell.run().resolve("ignition/outcome");
    }
}
