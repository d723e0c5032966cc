package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.boot.Strangers;
import dev.formwork.model.hardware.Card;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.BootClaim;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.NetworkBoot;
import dev.formwork.workflow.membership.Member.Role;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who gets the token of a machine that boots from the network: also where somebody lies.
class BootClaimsTest {
    private static final Hardware CARD = card("52:54:00:12:34:56");
    private static final Card SEGMENT = new Card("52:54:00:12:34:57", "10.77.0.5/24");
    private static final BootPolicy ASKING = new BootPolicy(true, Strangers.HOLD);
    private static final Value.Struct VOLATILE =
            Value.of(Map.of("root", Value.of(Map.of("persistent", Value.of(false)))));

    private final Rig rig = new Rig();

    private static Hardware card(String mac) {
        return new Hardware(List.of(mac), Optional.empty(), Optional.empty());
    }

    private static String nonce(int number) {
        return Secrets.hash("nonce " + number);
    }

    /// A machine that a provider has made, and that boots from the network.
    @BeforeEach
    void make() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.member("demo-g-0", Role.INITIAL, Optional.empty());
        plan.node(Action.CREATE, "machine:create", "demo-g-0");
        plan.node(Action.BOOT, "machine:boot", "demo-g-0");
        plan.after(
                NodeKey.of("machine:boot", "demo-g-0"), NodeKey.of("machine:create", "demo-g-0"));
        rig.start(plan.build());
        Effect.CreateInstance asked =
                (Effect.CreateInstance)
                        rig.effects.stream()
                                .filter(Effect.CreateInstance.class::isInstance)
                                .findFirst()
                                .orElseThrow();
        rig.step(
                new Input.InstanceCreated(
                        asked.machine(), "i-1", Optional.empty(), CARD, List.of(SEGMENT)));
    }

    private Reply claim(Hardware hardware, int nonce, BootPolicy policy) {
        return rig.step(new Input.ClaimBoot(hardware, nonce(nonce), VOLATILE, policy));
    }

    private Reply claim(int nonce) {
        return claim(CARD, nonce, BootPolicy.STANDARD);
    }

    private Reply register(Reply granted, String credential, String bootId) {
        assertThat(granted).isInstanceOf(Reply.BootGranted.class);
        return rig.step(
                new Input.Register(
                        Secrets.hash(((Reply.BootGranted) granted).bootToken()),
                        Secrets.hash(credential),
                        bootId,
                        VOLATILE));
    }

    private Machine machine() {
        return rig.machine("demo-g-0");
    }

    private static String code(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Refused.class);
        return ((Reply.Refused) reply).problem().code();
    }

    private void poll(String credential, String bootId) {
        rig.step(
                new Input.Poll(
                        new Credential(machine().id(), Secrets.hash(credential)),
                        bootId,
                        Optional.empty(),
                        List.of()));
    }

    @Test
    void aMachineThatWasMadeGetsATokenAndRegisters() {
        Reply granted = claim(1);

        assertThat(((Reply.BootGranted) granted).cards()).containsExactly(SEGMENT);
        assertThat(register(granted, "c", "boot-1")).isInstanceOf(Reply.Registered.class);
        assertThat(machine().state()).isEqualTo(Machine.State.READY);
    }

    @Test
    void anAnswerThatWasLostIsGivenAgainAndTheTokenOfBeforeIsNone() {
        Reply lost = claim(1);
        Reply granted = claim(1);

        assertThat(code(register(lost, "c", "boot-1"))).isEqualTo("agent.unauthorized");
        assertThat(register(granted, "c", "boot-1")).isInstanceOf(Reply.Registered.class);
        assertThat(code(claim(1))).isEqualTo("boot.token-used");
    }

    @Test
    void whoForgesTheAddressOfAMachineThatRunsGetsNothing() {
        register(claim(1), "c", "boot-1");

        assertThat(code(claim(2))).isEqualTo("boot.asking");
        assertThat(rig.effects).contains(new Effect.WakeAgent(machine().id()));
        rig.pass(Duration.ofSeconds(5));
        poll("c", "boot-1");
        rig.pass(Duration.ofSeconds(6));
        assertThat(code(claim(2))).isEqualTo("boot.machine-alive");
        rig.pass(Duration.ofSeconds(5));
        poll("c", "boot-1");
        rig.pass(Duration.ofSeconds(60));
        assertThat(code(claim(2))).isEqualTo("boot.machine-alive");
        assertThat(rig.last.changes().toString()).contains("machine.boot-refused");
        assertThat(machine().state()).isEqualTo(Machine.State.READY);
    }

    @Test
    void aMachineThatLostItsPowerIsAnotherIncarnation() {
        register(claim(1), "c", "boot-1");
        int before = machine().incarnation();

        assertThat(code(claim(2))).isEqualTo("boot.asking");
        rig.pass(Duration.ofSeconds(5));
        assertThat(code(claim(2))).isEqualTo("boot.asking");
        rig.pass(Duration.ofSeconds(5));
        register(claim(2), "d", "boot-2");

        assertThat(machine().incarnation()).isEqualTo(before + 1);
        assertThat(machine().state()).isEqualTo(Machine.State.READY);
    }

    @Test
    void aMachineThatIsAskedWhetherItLivesIsAnsweredAtOnce() {
        register(claim(1), "c", "boot-1");
        poll("c", "boot-1");
        rig.pass(Duration.ofSeconds(1));
        claim(2);

        Reply answer = rig.step(new Input.Repoll(machine().id()));

        assertThat(((Reply.Polled) answer).hold()).isFalse();
        rig.pass(Duration.ofSeconds(1));
        poll("c", "boot-1");
        assertThat(((Reply.Polled) rig.last.reply()).hold()).isTrue();
    }

    @Test
    void aPersonComparesTheCodesOfTwoThatSayTheSame() {
        assertThat(code(claim(CARD, 1, ASKING))).isEqualTo("boot.held");
        assertThat(code(claim(CARD, 2, ASKING))).isEqualTo("boot.held");
        String mine = machine().boot().claim(nonce(1)).orElseThrow().code();
        assertThat(mine).isEqualTo(nonce(1).substring(0, 4) + "-" + nonce(1).substring(4, 8));

        assertThat(code(approve(Optional.empty()))).isEqualTo("machine.which-boot");
        assertThat(code(approve(Optional.of("0000-0000")))).isEqualTo("machine.which-boot");
        assertThat(approve(Optional.of(mine))).isInstanceOf(Reply.Done.class);

        assertThat(code(claim(CARD, 2, ASKING))).as("the forger's").isEqualTo("boot.held");
        rig.restart();
        register(claim(CARD, 1, ASKING), "c", "boot-1");
        assertThat(machine().state()).isEqualTo(Machine.State.READY);
        assertThat(machine().boot().claims()).extracting(BootClaim::code).containsExactly(mine);
    }

    private Reply approve(Optional<String> code) {
        return rig.step(new Input.ApproveMachine("demo-g-0", code, "ann"));
    }

    @Test
    void whoAsksOftenDoesNotPushOutWhatWasApproved() {
        claim(CARD, 0, ASKING);
        approve(Optional.empty());
        for (int i = 1; i < 50; i++) {
            rig.pass(Duration.ofSeconds(1));
            claim(CARD, i, ASKING);
        }

        assertThat(machine().boot().claims()).hasSize(8);
        register(claim(CARD, 0, ASKING), "c", "boot-1");
    }

    @Test
    void aStrangerReportsItsFactsAndIsGivenNoWorkUntilItIsApproved() {
        Hardware unknown = card("52:54:00:ab:cd:ef");
        Reply granted = claim(unknown, 7, BootPolicy.STANDARD);
        String name = ((Reply.BootGranted) granted).name();
        register(granted, "s", "boot-s");

        assertThat(name).isEqualTo("node-abcdef");
        assertThat(rig.machine(name).state()).isEqualTo(Machine.State.HELD);
        assertThat(rig.machine(name).losesItsRoot()).isTrue();
        rig.restart();
        rig.step(new Input.ApproveMachine(name, Optional.empty(), "ann"));
        assertThat(rig.machine(name).state()).isEqualTo(Machine.State.READY);
        assertThat(code(rig.step(new Input.ApproveMachine(name, Optional.empty(), "ann"))))
                .isEqualTo("machine.nothing-to-approve");
    }

    private static Value.Struct instance(String id) {
        return Value.of(
                Map.of(
                        "system",
                        Value.of(
                                Map.of(
                                        "manufacturer", Value.of("Amazon EC2"),
                                        "board", Value.of(id)))));
    }

    @Test
    void anInstanceIsRecognisedByWhatItsAgentSaidThatItsCloudCallsIt() {
        Reply granted = claim(card("52:54:00:ab:cd:ef"), 7, BootPolicy.STANDARD);
        String name = ((Reply.BootGranted) granted).name();
        String token = Secrets.hash(((Reply.BootGranted) granted).bootToken());
        String credential = Secrets.hash("s");
        rig.step(new Input.Register(token, credential, "b", instance("i-0123456789abcdef0")));
        rig.restart();

        assertThat(rig.machine(name).boot().hardware().cloudId())
                .contains("aws:i-0123456789abcdef0");
        rig.step(new Input.Register(token, credential, "b", instance("i-0123456789abcdef1")));
        assertThat(rig.machine(name).boot().hardware().cloudId())
                .as("a copied disk, or a lie")
                .contains("aws:i-0123456789abcdef0");
        Hardware contradicts = card("52:54:00:ab:cd:ef").withCloudId("aws:i-0123456789abcdef1");
        assertThat(code(claim(contradicts, 8, BootPolicy.STANDARD)))
                .isEqualTo("boot.unclear-machine");
        Hardware same = card("52:54:00:ab:cd:ef").withCloudId("aws:i-0123456789abcdef0");
        assertThat(code(claim(same, 9, BootPolicy.STANDARD))).isEqualTo("boot.asking");
    }

    @Test
    void noAgentSaysWhatAMachineOfAProviderIsCalled() {
        Reply granted = claim(1);
        rig.step(
                new Input.Register(
                        Secrets.hash(((Reply.BootGranted) granted).bootToken()),
                        Secrets.hash("c"),
                        "b",
                        instance("i-0123456789abcdef0")));

        assertThat(machine().boot().hardware()).isEqualTo(CARD);
    }

    @Test
    void aStrangerWithNothingButACloudIdIsAMachine() {
        Reply granted = claim(Hardware.NONE.withCloudId("aws:i-0123abcd"), 7, BootPolicy.STANDARD);

        assertThat(((Reply.BootGranted) granted).name()).isEqualTo("node-23abcd");
        assertThat(
                        code(
                                claim(
                                        Hardware.NONE.withCloudId("aws:i-0123abce"),
                                        8,
                                        new BootPolicy(false, Strangers.REFUSE))))
                .isEqualTo("boot.unknown-machine");
    }

    @Test
    void strangersAreOneMachineEachAndNotMoreThanAPersonCanLookAt() {
        for (int i = 0; i < 300; i++) {
            claim(
                    card("52:54:00:00:%02x:%02x".formatted(i / 256, i % 256)),
                    i,
                    BootPolicy.STANDARD);
            claim(
                    card("52:54:00:00:%02x:%02x".formatted(i / 256, i % 256)),
                    i,
                    BootPolicy.STANDARD);
        }

        assertThat(code(rig.last.reply())).isEqualTo("boot.too-many-strangers");
        assertThat(rig.store.machines().stream().filter(it -> !it.boot().admitted())).hasSize(256);
        assertThat(rig.step(new Input.ForgetMachine("node-000000", "ann")))
                .isInstanceOf(Reply.Done.class);
        assertThat(claim(card("52:54:00:99:99:99"), 999, BootPolicy.STANDARD))
                .isInstanceOf(Reply.BootGranted.class);
        assertThat(code(rig.step(new Input.ForgetMachine("demo-g-0", "ann"))))
                .isEqualTo("machine.in-use");
    }

    @Test
    void aStrangerGetsNothingWhereTheyAreRefusedAndAllWhereTheyAreAdmitted() {
        BootPolicy closed = new BootPolicy(false, Strangers.REFUSE);
        BootPolicy open = new BootPolicy(false, Strangers.ADMIT);

        assertThat(code(claim(card("52:54:00:00:00:01"), 1, closed)))
                .isEqualTo("boot.unknown-machine");
        assertThat(code(claim(Hardware.NONE, 1, open))).isEqualTo("boot.unknown-machine");
        register(claim(card("52:54:00:00:00:01"), 1, open), "s", "boot-s");
        assertThat(rig.machine("node-000001").state()).isEqualTo(Machine.State.READY);
    }

    @Test
    void whatInstallersSayIsKeptUntilAPersonWantsItAgain() {
        rig.step(new Input.Installed(machine().id()));
        rig.step(new Input.Installed(machine().id()));
        assertThat(machine().boot().disk()).isEqualTo(NetworkBoot.Disk.INSTALLED);

        rig.step(new Input.Reinstall("demo-g-0", "ann"));
        assertThat(machine().boot().disk()).isEqualTo(NetworkBoot.Disk.WANTED);
        assertThat(code(rig.step(new Input.Installed(new MachineId("m-none")))))
                .isEqualTo("machine.unknown");
        assertThat(code(rig.step(new Input.Reinstall("none", "ann")))).isEqualTo("machine.unknown");
    }
}
