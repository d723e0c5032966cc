package dev.formwork.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.ContainerSpec;
import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Register;
import dev.formwork.agent.protocol.Report;
import dev.formwork.image.disk.Digests;
import dev.formwork.testkit.Needs;
import dev.formwork.testkit.TestKeys;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

/// The image as machines get it: its size, that it can be built again, and what a machine does with
/// it.
class ImageIT {
    /// With every option. MachinesBootIT knows how large it may be without.
    private static final long LARGEST = 64_000_000;

    private static final int MEGABYTES = 384;
    private static final String FACTS = "mount; cat /proc/cmdline; hostname; ip addr";
    private static final String IN_CONTAINER =
            "echo it is $(busybox cat /proc/1/comm) in a container";

    private static final String WRITTEN =
            "cat /etc/motd; stat -c '%U:%G %a' /opt/new/data; readlink /data";

    private static Image image;

    @TempDir Path folder;

    @BeforeAll
    static void build() throws IOException {
        Needs.programs(
                "qemu-system-x86_64", "mksquashfs", "apt-get", "apt-cache", "ssh", "ssh-keygen");
        image = Workshop.build("image");
    }

    @Test
    void isSmallEnoughToTransfer() throws IOException {
        assertThat(image.size()).isLessThan(LARGEST);
    }

    @Test
    void isNotBuiltAgainWhereNothingHasChanged() throws IOException {
        FileTime before = Files.getLastModifiedTime(image.initrd());

        assertThat(Workshop.build("image")).isEqualTo(image);
        assertThat(Files.getLastModifiedTime(image.initrd())).isEqualTo(before);
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
        SshKey ssh = SshKey.make(folder);
        byte[] archive =
                ContainerArchive.of(Workshop.unpacked("busybox-static").resolve("bin/busybox"));
        try (TestEngine boot = new TestEngine(null);
                TestEngine engine = new TestEngine(keys.context())) {
            boot.serve(
                    "machine",
                    answer(
                            "https://10.0.2.2:" + engine.port(),
                            "card 52:54:00:00:00:02 10.78.0.1/24\nssh-key "
                                    + ssh.line()
                                    + "\n"
                                    + keys.pem()));
            boot.serve("image.tar", archive);
            boot.serve("ignition", ignition(ssh));
            String at = "http://10.0.2.2:" + boot.port();
            String arguments = "formwork.boot=" + at + "/machine";
            try (Vm vm = boot("works", arguments, Vm.networks(ssh.port()))) {
                Register register = engine.awaitRegistration();
                assertThat(register.bootToken()).isEqualTo(TestEngine.TOKEN);
                assertThat(register.facts().hostname()).isEqualTo("node-7");
                assertThat(register.facts().address()).isEqualTo("10.0.2.15");
                assertThat(register.facts().root()).isEqualTo(new Facts.Root("overlay", false));

                assertThat(run(engine, engine.job("facts", FACTS)))
                        .contains("cgroup2 on /sys/fs/cgroup", "node-7", "inet 10.78.0.1/24")
                        .doesNotContain(TestEngine.TOKEN);
                ContainerSpec container = container(at + "/image.tar", archive);
                assertThat(run(engine, engine.job("container", container, IN_CONTAINER)))
                        .contains("it is sh in a container");
                assertThat(ssh.run("root", "hostname; echo $USER")).contains("node-7", "root");

                assertThat(register.facts().ignition())
                        .isEqualTo(new Facts.Ignition(true, null, null));
                assertThat(run(engine, engine.job("ignition", WRITTEN)))
                        .contains("hello", "alice:ops 750", "/opt/new/data");
                assertThat(ssh.run("alice", "id; echo $USER")).contains("gid=900(ops)", "alice");

                // The job outlives the agent, which init starts again: as the same machine.
                String crash = "kill -9 $(pidof java) && echo it is gone";
                assertThat(run(engine, engine.job("crash", crash))).contains("it is gone");
                assertThat(engine.hasRegistrations()).isFalse();
                assertThat(boot.asked())
                        .satisfiesExactly(
                                asked -> assertThat(asked).matches("/machine\\?nonce=[0-9a-f]{32}"),
                                asked ->
                                        assertThat(asked).matches("/ignition\\?nonce=[0-9a-f]{32}"),
                                asked -> assertThat(asked).isEqualTo("/image.tar"));

                engine.offer(engine.job("off", "echo power-off > $FORMWORK_REQUEST"));
                assertThat(engine.awaitReport().outcome()).isEqualTo(Outcome.POWER_OFF);
                vm.awaitOff();
                assertThat(vm.console())
                        .contains(
                                "formwork: eth1 has the address 10.78.0.1/24",
                                "formwork: the agent has ended; it is started again",
                                "formwork: this machine goes down");
            }
        }
    }

    @Test
    void saysWhatItIsRefusedAndTriesAgainAndReboots() throws Exception {
        try (TestEngine engine = new TestEngine(null)) {
            String at = "http://10.0.2.2:" + engine.port();
            try (Vm vm = boot("refused", "formwork.boot=" + at + "/machine?n=1", Vm.network())) {
                vm.awaitConsole("formwork: refused: the boot server " + at + "/machine?n=1 says");
                engine.refuse("machine", "held for approval\nin the office");
                vm.awaitConsole(
                        "says: held for approval; the code of this machine is "
                                + code(engine.asked().getLast()));
                engine.serve("machine", "<html>hello".getBytes(StandardCharsets.UTF_8));
                vm.awaitConsole("formwork: no configuration: the answer of");
                engine.serve("ignition", "{\"ignition\": {}}".getBytes(StandardCharsets.UTF_8));
                engine.serve("machine", answer(at, ""));
                assertThat(engine.awaitRegistration().facts().ignition())
                        .extracting(Facts.Ignition::applied, Facts.Ignition::code)
                        .containsExactly(false, "ignition.invalid");
                assertThat(vm.console()).contains("formwork: ignition.invalid: ");
                engine.offer(engine.job("reboot", "echo reboot > $FORMWORK_REQUEST"));
                assertThat(engine.awaitReport().outcome()).isEqualTo(Outcome.REBOOT);
                vm.awaitOff();
                assertThat(vm.console()).contains("reboot: Restarting system");
            }
        }
    }

    @Test
    void saysThatThereIsNoServerLinkOrAddressAndGoesOnWhenACableIsPutIn() throws Exception {
        String nowhere = "formwork.boot=http://10.0.2.2:1/machine";
        try (Vm server = boot("no-server", nowhere, Vm.network());
                Vm address = boot("no-address", nowhere, Vm.deafNetwork())) {
            server.plug("n0", false);
            server.awaitConsole("formwork: no link: boot.link-down: is a cable in eth0?");
            server.plug("n0", true);
            server.awaitConsole("formwork: no server: http://10.0.2.2:1/machine can't be reached");
            address.awaitConsole("formwork: no address: no DHCP server answers on eth0");
        }
        try (Vm card = boot("no-card", nowhere, "-nic", "none")) {
            card.awaitConsole("formwork: no link: there is no network card");
        }
    }

    /// What the machine says stays in `target/consoles`, for whom a test has failed.
    private static Vm boot(String name, String arguments, String... more) throws IOException {
        Path console = Workshop.folder("consoles").resolve(name);
        Files.deleteIfExists(console);
        return Vm.boot(image, MEGABYTES, arguments, console, more);
    }

    /// Asks for a user with a key, and for a file, a directory and a link in places that are new.
    private static byte[] ignition(SshKey ssh) {
        String text =
                """
                {"ignition": {"version": "3.3.0"},
                 "passwd": {
                  "groups": [{"name": "ops", "gid": 900}],
                  "users": [{"name": "alice", "primaryGroup": "ops",
                   "sshAuthorizedKeys": ["%s"]}]},
                 "storage": {
                  "directories": [{"path": "/opt/new/data", "mode": 488,
                   "user": {"name": "alice"}, "group": {"name": "ops"}}],
                  "files": [{"path": "/etc/motd", "mode": 420,
                   "contents": {"source": "data:,hello%%0A"}}],
                  "links": [{"path": "/data", "target": "/opt/new/data"}]}}
                """
                        .formatted(ssh.line());
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// @param more lines
    private static byte[] answer(String engine, String more) {
        String text =
                """
                formwork-boot 1
                engine %s
                token %s
                hostname node-7
                some-key of a newer server
                %s\
                """
                        .formatted(engine, TestEngine.TOKEN, more);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// What a job leaves in its log.
    private static String run(TestEngine engine, Job job) throws InterruptedException {
        engine.offer(job);
        Report report = engine.awaitReport();
        String log = engine.log(job.id().value());
        assertThat(report.outcome()).as(report + log).isEqualTo(Outcome.SUCCEEDED);
        return log;
    }

    private static ContainerSpec container(String url, byte[] archive) throws IOException {
        String digest = Digests.sha256(new ByteArrayInputStream(archive));
        return new ContainerSpec(
                null, new ContainerSpec.Archive(url, digest), false, List.of(), "none", List.of());
    }

    /// The pairing code of the machine that has asked for that.
    private static String code(String asked) throws IOException {
        String nonce = asked.substring(asked.indexOf("nonce=") + "nonce=".length());
        String digest =
                Digests.sha256(new ByteArrayInputStream(nonce.getBytes(StandardCharsets.US_ASCII)));
        return digest.substring(0, 4) + "-" + digest.substring(4, 8);
    }
}
