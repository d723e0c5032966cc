package dev.formwork.provider.bmc;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.YamlValues;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Settings;
import dev.formwork.provider.Steps;
import dev.formwork.provider.tck.InMemoryRecords;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// Nodes as they are configured, claimed and marked, with controllers in memory.
class NodesTest {
    private static final String TWO =
            """
            user: ADMIN
            nodes:
              - {name: a, address: 10.0.0.1, macs: ['52:54:00:00:00:0A'], groups: [web], labels: {rack: r1}}
              - {name: b, address: '2001:db8::1', port: 6230, user: other, uuid: 11111111-2222-3333-4444-55555555555b, labels: {rack: r2}}
            """;

    @TempDir private Path folder;
    private final Map<String, InMemoryController> controllers = new TreeMap<>();

    private InMemoryController controller(String node) {
        return controllers.computeIfAbsent(node, _ -> new InMemoryController());
    }

    private ProviderContext context(String engine, String yaml) {
        Map<String, Value> config =
                new TreeMap<>(((Value.Struct) YamlValues.read("config", yaml)).fields());
        config.putIfAbsent("password", new Value.Secret(Value.of("secret")));
        return new ProviderContext(
                "racks",
                new EngineId(engine),
                folder,
                Value.of(config),
                URI.create("http://127.0.0.1:1/"),
                Optional.empty(),
                List.of(),
                new AgentLaunch(List.of("/bin/true")),
                AgentInstall.NONE,
                new InMemoryRecords(),
                Clock.systemUTC(),
                new Random(1));
    }

    private BmcSettings settings(ProviderContext context) {
        return BmcSettings.read(
                        context,
                        Settings.config(context),
                        623,
                        (node, _) -> controller(node.name()))
                .pausing(Duration.ofMillis(1));
    }

    private BmcPlace place(String engine, String yaml) {
        ProviderContext context = context(engine, yaml);
        return BmcPlace.of(context, settings(context), Steps::unlessInterrupted);
    }

    private static InstanceRequest request(String machine, Map<String, Value> spec) {
        return new InstanceRequest(
                new MachineId(machine),
                "demo-0",
                new BootToken("boot-token"),
                Map.of(),
                Value.of(spec));
    }

    private static Map<String, Value> only(String node) {
        return Map.of("nodes", Value.of(List.of(Value.of(node))));
    }

    @Test
    void readsNodesWithWhatHoldsForAllOfThem() {
        Nodes nodes = settings(context("e-1", TWO)).nodes();

        Node first = nodes.find("a").orElseThrow().node();
        assertThat(first.authority()).isEqualTo("10.0.0.1:623");
        assertThat(first.user()).isEqualTo("ADMIN");
        assertThat(first.hardware().macs()).containsExactly("52:54:00:00:00:0a");
        assertThat(first.uefi()).isTrue();
        Node second = nodes.find("b").orElseThrow().node();
        assertThat(second.authority()).isEqualTo("[2001:db8::1]:6230");
        assertThat(second.user()).isEqualTo("other");
        assertThat(second.password()).hasToString("***");
        assertThat(second.password().reveal()).isEqualTo("secret");
    }

    @Test
    void readsAnInventoryAndAPasswordFromFiles() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "from-a-file\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                folder.resolve("nodes.yaml"),
                "nodes: [{name: c, address: c.bmc, password_file: password, serial: SN1}]");

        Nodes nodes = settings(context("e-1", TWO + "inventory: nodes.yaml\n")).nodes();

        assertThat(nodes.all()).extracting(ManagedNode::name).containsExactly("a", "b", "c");
        assertThat(nodes.find("c").orElseThrow().node().password().reveal())
                .isEqualTo("from-a-file");
    }

    @Test
    void namesAllThatIsWrong() throws IOException {
        Path password = Files.writeString(folder.resolve("open"), "hunter2\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(folder.resolve("nodes.yaml"), "nodes: [{name: d, adress: x}]");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        settings(
                                context(
                                        "e-1",
                                        """
                                        inventory: nodes.yaml
                                        password_file: open
                                        firmware: efi
                                        nodes:
                                          - {name: a, address: h, user: u, macs: ['52:54']}
                                          - {name: a, address: 'h;reboot', user: u, password: open}
                                          - {name: e, address: h, user: u, macs: ['52:54:00:00:00:01']}
                                          - {name: f, address: h, user: u, macs: ['52:54:00:00:00:01']}
                                        """)))
                .satisfies(wrong -> {
                    assertThat(wrong.problems())
                            .allSatisfy(each ->
                                    assertThat(each.code()).isEqualTo("provider.invalid-config"));
                    assertThat(
                                    String.join(
                                            "\n",
                                            wrong.problems().stream()
                                                    .map(each -> each.detail())
                                                    .toList()))
                            .contains("others may read the password file")
                            .contains("firmware in the configuration of provider racks")
                            .contains("macs in nodes[0]")
                            .contains("the node a is there twice")
                            .contains("address in nodes[1]")
                            .contains("password in nodes[1]")
                            .contains("e and f have the same 52:54:00:00:00:01")
                            .contains("unknown key adress in nodes[0] of " + folder)
                            .doesNotContain("hunter2");
                });
    }

    @Test
    void choosesByNameGroupAndLabels() {
        BmcPlace place = place("e-1", TWO);
        NodeInstances instances = new NodeInstances(place);

        Instance made =
                instances.create(
                        anyToken(),
                        request("m-1", Map.of("labels", YamlValues.read("", "rack: r2"))));

        assertThat(made.hardware().uuid()).contains("11111111-2222-3333-4444-55555555555b");
        assertRefused(
                ProviderCode.QUOTA, () -> instances.create(anyToken(), request("m-2", only("b"))));
        assertRefused(
                ProviderCode.INVALID_SPEC,
                () ->
                        instances.create(
                                anyToken(), request("m-2", Map.of("group", Value.of("wbe")))));
    }

    @Test
    void marksANodeAndPutsBackWhatWasThere() {
        controller("a").write("A-4711");
        BmcPlace place = place("e-1", TWO);
        NodeInstances instances = new NodeInstances(place);

        Instance made = instances.create(anyToken(), request("m-1", only("a")));
        assertThat(controller("a").read()).isEqualTo("formwork:e-1");
        instances.delete(anyToken(), made.ref());

        assertThat(controller("a").read()).isEqualTo("A-4711");
        assertThat(controller("a").told())
                .containsExactly("boot NETWORK always", "on", "off", "boot by itself");
    }

    @Test
    void neverTouchesWhatAnotherEngineHasMarked() {
        NodeInstances theirs = new NodeInstances(place("e-2", TWO));
        theirs.create(anyToken(), request("m-2", only("a")));
        List<String> before = controller("a").told();
        NodeInstances ours = new NodeInstances(place("e-1", TWO));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ours.create(anyToken(), request("m-1", only("a"))))
                .satisfies(e -> assertThat(e.code()).isEqualTo("bmc.marked-by-another"));
        assertThat(ours.list()).isEmpty();
        ours.create(anyToken(), request("m-1", Map.of()));

        assertThat(controller("a").told()).isEqualTo(before);
        assertThat(controller("b").read()).isEqualTo("formwork:e-1");
    }

    @Test
    void aNodeThatIsNotConfiguredAnyMoreIsLeftAlone() {
        ProviderContext with = context("e-1", TWO);
        NodeInstances instances =
                new NodeInstances(BmcPlace.of(with, settings(with), Steps::unlessInterrupted));
        Instance made = instances.create(anyToken(), request("m-1", only("a")));
        BmcSettings without =
                settings(context("e-1", "user: u\nnodes: [{name: b, address: h, serial: s}]"));
        BmcPlace later = BmcPlace.of(with, without, Steps::unlessInterrupted);

        assertRefused(ProviderCode.CONFLICT, () -> new NodePower(later).power(made.ref()));
        new NodeInstances(later).delete(anyToken(), made.ref());

        assertThat(new NodeInstances(later).list()).isEmpty();
        assertThat(controller("a").told()).endsWith("on");
    }

    /// Between two commands of this engine another one, of the same store, gives the node to
    /// another machine.
    @ParameterizedTest
    @MethodSource("commands")
    void givesNoCommandToANodeThatAnotherMachineHasMeanwhile(
            String step, boolean on, BiConsumer<BmcPlace, InstanceRef> operation) {
        ProviderContext context = context("e-1", "grace_seconds: 0\n" + TWO);
        BmcPlace others = BmcPlace.of(context, settings(context), Steps::unlessInterrupted);
        NodeInstances instances = new NodeInstances(others);
        InstanceRef ref = instances.create(anyToken(), request("m-1", only("a"))).ref();
        if (!on) {
            new NodePower(others).powerOff(anyToken(), ref);
        }
        List<List<String>> toldByThen = new ArrayList<>();
        BmcPlace slow =
                BmcPlace.of(
                        context,
                        settings(context("e-1", TWO)),
                        next -> {
                            if (next.equals(step) && toldByThen.isEmpty()) {
                                instances.delete(anyToken(), ref);
                                instances.create(anyToken(), request("m-2", only("a")));
                                toldByThen.add(controller("a").told());
                            }
                        });

        Throwable _ = catchThrowable(() -> operation.accept(slow, ref));

        assertThat(toldByThen).hasSize(1);
        assertThat(controller("a").told()).isEqualTo(toldByThen.getFirst());
        assertThat(controller("a").read()).isEqualTo("formwork:e-1");
    }

    static Stream<Arguments> commands() {
        BiConsumer<BmcPlace, InstanceRef> off =
                (place, ref) -> new NodePower(place).powerOff(anyToken(), ref);
        BiConsumer<BmcPlace, InstanceRef> powerOn =
                (place, ref) -> new NodePower(place).powerOn(anyToken(), ref);
        BiConsumer<BmcPlace, InstanceRef> reset =
                (place, ref) -> new NodePower(place).reset(anyToken(), ref);
        BiConsumer<BmcPlace, InstanceRef> boot =
                (place, ref) -> new NodeBoot(place).bootOnce(anyToken(), ref, BootDevice.DISK);
        BiConsumer<BmcPlace, InstanceRef> delete =
                (place, ref) -> new NodeInstances(place).delete(anyToken(), ref);
        return Stream.of(
                arguments("press the power button", true, off),
                arguments("set what it boots from", false, powerOn),
                arguments("power on", false, powerOn),
                arguments("set what it boots from", true, reset),
                arguments("reset", true, reset),
                arguments("set what it boots from", true, boot),
                arguments("power off", true, delete),
                arguments("take back what it boots from", true, delete),
                arguments("take the mark off the node", true, delete));
    }

    /// It does not go off by its button, and is another machine's when the time for that is over.
    @Test
    void takesNoPowerFromANodeThatAnotherMachineHasMeanwhile() {
        ProviderContext context = context("e-1", "grace_seconds: 0\n" + TWO);
        BmcSettings settings = settings(context);
        NodeInstances others =
                new NodeInstances(BmcPlace.of(context, settings, Steps::unlessInterrupted));
        InstanceRef ref = others.create(anyToken(), request("m-1", only("a"))).ref();
        BmcPlace slow =
                BmcPlace.of(
                        context,
                        settings,
                        next -> {
                            if (next.equals("power off")) {
                                others.delete(anyToken(), ref);
                                others.create(anyToken(), request("m-2", only("a")));
                            }
                        });

        assertRefused(ProviderCode.NOT_FOUND, () -> new NodePower(slow).powerOff(anyToken(), ref));

        assertThat(controller("a").isOn()).isTrue();
    }

    @Test
    void asksTheControllerHowTheNodeIsRecognisedWhereNobodySaysSo() {
        NodeInstances instances =
                new NodeInstances(
                        place("e-1", "user: u\nnodes: [{name: a, address: h, firmware: bios}]"));

        assertThat(instances.create(anyToken(), request("m-1", Map.of())).hardware().uuid())
                .contains("11111111-2222-3333-4444-555555555555");
    }

    @Test
    void onceCountsForTheNextStartOnly() {
        BmcPlace place = place("e-1", TWO);
        Instance made = new NodeInstances(place).create(anyToken(), request("m-1", only("a")));
        new NodeBoot(place).bootOnce(anyToken(), made.ref(), BootDevice.DISK);
        new NodePower(place).reset(anyToken(), made.ref());
        new NodePower(place).reset(anyToken(), made.ref());

        assertThat(controller("a").told())
                .containsExactly(
                        "boot NETWORK always",
                        "on",
                        "boot DISK once",
                        "boot DISK once",
                        "reset",
                        "boot NETWORK always",
                        "reset");
    }
}
