package dev.formwork.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Register;
import dev.formwork.agent.protocol.Report;
import dev.formwork.testkit.Needs;
import dev.formwork.testkit.TestKeys;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The image as machines get it: its size, that it can be built again, and what a machine does with
/// it.
class ImageIT {
    private static final long LARGEST = 60_000_000;
    private static final int MEGABYTES = 384;

    private static Image image;

    @TempDir Path folder;

    @BeforeAll
    static void build() throws IOException {
        Needs.programs("qemu-system-x86_64", "mksquashfs", "apt-get", "apt-cache");
        image = Workshop.build("image");
    }

    @Test
    void isSmallEnoughToTransfer() throws IOException {
        assertThat(image.size()).isLessThan(LARGEST);
    }

    @Test
    void hasTheSameBytesWhenItIsBuiltAgain() throws IOException {
        Image again = Workshop.build("image-again");

        assertThat(again.kernelDigest()).isEqualTo(image.kernelDigest());
        assertThat(Files.mismatch(again.initrd(), image.initrd())).isEqualTo(-1);
    }

    @Test
    void registersRunsContainersAndPowersOff() throws Exception {
        TestKeys keys = TestKeys.make(folder, "engine", "ip:127.0.0.1", "ip:10.0.2.2");
        ContainerArchive archive =
                ContainerArchive.of(
                        Workshop.unpacked("busybox-static").resolve("bin/busybox"),
                        "echo it is $(cat /proc/1/comm) in a container");
        try (TestEngine boot = new TestEngine(null);
                TestEngine engine = new TestEngine(keys.context())) {
            boot.serve("machine", answer("https://10.0.2.2:" + engine.port(), keys.pem()));
            boot.serve("image.tar", archive.bytes().toByteArray());
            String at = "http://10.0.2.2:" + boot.port();
            try (Vm vm = boot("works", "formwork.boot=" + at + "/machine", Vm.network())) {
                Register register = engine.awaitRegistration();
                assertThat(register.bootToken()).isEqualTo(TestEngine.TOKEN);
                assertThat(register.facts().hostname()).isEqualTo("node-7");
                assertThat(register.facts().address()).isEqualTo("10.0.2.15");
                assertThat(register.facts().root()).isEqualTo(new Facts.Root("overlay", false));

                engine.offer(engine.job("facts", "shell", "mount; cat /proc/cmdline; hostname"));
                assertThat(engine.awaitReport().outcome()).isEqualTo(Outcome.SUCCEEDED);
                assertThat(engine.log("facts"))
                        .contains("cgroup2 on /sys/fs/cgroup", "node-7")
                        .doesNotContain(TestEngine.TOKEN);
                engine.offer(engine.job("container", "shell", container(at, archive.manifest())));
                Report container = engine.awaitReport();
                assertThat(container.outcome())
                        .as(engine.log("container"))
                        .isEqualTo(Outcome.SUCCEEDED);
                assertThat(engine.log("container"))
                        .contains("it is sh in a container", "limited to 33554432");
                engine.offer(engine.job("off", "shell", "echo power-off > $FORMWORK_REQUEST"));
                assertThat(engine.awaitReport().outcome()).isEqualTo(Outcome.POWER_OFF);
                vm.awaitOff();
                assertThat(vm.console()).contains("formwork: this machine goes down");
            }
        }
    }

    @Test
    void saysWhatItIsRefusedAndTriesAgain() throws Exception {
        try (TestEngine engine = new TestEngine(null)) {
            String at = "http://10.0.2.2:" + engine.port();
            try (Vm vm = boot("refused", "formwork.boot=" + at + "/machine", Vm.network())) {
                vm.awaitConsole("formwork: refused: the boot server " + at + "/machine says");
                engine.serve("machine", "<html>hello".getBytes(StandardCharsets.UTF_8));
                vm.awaitConsole("formwork: no configuration: the answer of");
                engine.serve("machine", answer(at, ""));
                engine.awaitRegistration();
            }
        }
    }

    @Test
    void saysThatThereIsNoServerLinkOrAddress() throws Exception {
        String nowhere = "formwork.boot=http://10.0.2.2:1/machine";
        try (Vm server = boot("no-server", nowhere, Vm.network());
                Vm address = boot("no-address", nowhere, Vm.deafNetwork())) {
            server.awaitConsole("formwork: no server: http://10.0.2.2:1/machine can't be reached");
            address.awaitConsole("formwork: no address: no DHCP server answers on eth0");
        }
        try (Vm link = boot("no-link", nowhere, "-nic", "none")) {
            link.awaitConsole("formwork: no link: there is no network card");
        }
    }

    /// What the machine says stays in `target/consoles`, for whom a test has failed.
    private static Vm boot(String name, String arguments, String... more) throws IOException {
        Path console = Workshop.folder("consoles").resolve(name);
        Files.deleteIfExists(console);
        return Vm.boot(image, MEGABYTES, arguments, console, more);
    }

    private static byte[] answer(String engine, String certificate) {
        String text =
                """
                formwork-boot 1
                engine %s
                token %s
                hostname node-7
                some-key of a newer server
                %s\
                """
                        .formatted(engine, TestEngine.TOKEN, certificate);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Fetches an OCI archive, takes the image of that digest and no other, and runs it with a
    /// limit.
    private static String container(String from, String manifest) {
        return """
        set -e
        wget -q -O image.tar %s/image.tar
        mkdir -p oci bundle/rootfs
        tar -xf image.tar -C oci
        blobs=oci/blobs/sha256
        check() { echo "$1  $blobs/$1" | sha256sum -c -s; }
        digests() { grep -o 'sha256:[0-9a-f]*' "$1" | cut -d: -f2; }
        check %s
        for each in $(digests $blobs/%s); do check "$each"; done
        tar -xzf "$blobs/$(digests $blobs/%s | tail -n 1)" -C bundle/rootfs
        cd bundle
        crun spec
        sed -i 's/"terminal": true/"terminal": false/' config.json
        sed -i 's#"sh"#"/bin/sh","-c","echo it is $(/bin/busybox cat /proc/1/comm) in a container; \
        echo limited to $(/bin/busybox cat /sys/fs/cgroup/memory.max)"#' config.json
        sed -i 's#"resources": {#"resources": {"memory": {"limit": 33554432},#' config.json
        crun run one
        """
                .formatted(from, manifest, manifest, manifest);
    }
}
