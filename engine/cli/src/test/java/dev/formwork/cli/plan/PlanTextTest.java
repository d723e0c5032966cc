package dev.formwork.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.cli.client.PlanDocument;
import dev.formwork.cli.client.PlanDocument.Count;
import dev.formwork.cli.client.PlanDocument.Member;
import dev.formwork.cli.client.PlanDocument.Node;
import dev.formwork.cli.client.PlanDocument.Summary;
import dev.formwork.cli.terminal.Style;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class PlanTextTest {
    private final List<Node> nodes = new ArrayList<>();

    @Test
    void growsAndShrinks() throws IOException {
        node("machine:create@demo-members-3", "create", "will_run", "joins members");
        node("machine:boot@demo-members-3", "boot", "will_run", "its agent has not reported yet");
        node("ca@engine", "step", "unchanged", "");
        node("grow[demo-members-3]@demo-members-0", "step", "will_run", "first time");
        for (int i = 0; i < 3; i++) {
            node("member@demo-members-" + i, "step", "may_run", "reads what certificate, ca gives");
        }
        node("member@demo-members-3", "step", "will_run", "first time");
        node("health@demo-members-0", "step", "skipped", "its `when` is false");
        node("undo:member@demo-members-9", "undo", "will_run", "no longer wanted");
        node("machine:remove@demo-members-9", "remove", "will_run", "leaves members");
        PlanDocument plan =
                plan(
                        new Summary(
                                2,
                                3,
                                1,
                                1,
                                1,
                                1,
                                0,
                                0,
                                false,
                                Map.of(
                                        "reboot", new Count(0, 1),
                                        "service-restart", new Count(2, 3))),
                        List.of("machine demo-members-9 is gone: the provider no longer has it"));
        assertThat(text(plan, 80, false)).isEqualTo(golden("grows.txt"));
        assertThat(text(plan, 80, true)).isEqualTo(golden("grows-verbose.txt"));
        assertThat(text(plan, 50, false).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
    }

    @Test
    void takesFromAPoolAndGivesBackToIt() {
        node("machine:allocate@demo-m-1", "allocate", "will_run", "one of metal");
        node("machine:boot@demo-m-1", "boot", "will_run", "its agent has not reported yet");
        node("machine:release@demo-m-9", "release", "will_run", "back to metal, power-off");
        String text =
                text(
                        plan(new Summary(0, 0, 0, 0, 0, 0, 1, 1, false, Map.of()), List.of()),
                        80,
                        false);
        assertThat(text)
                .contains("+ allocate  demo-m-1  one of metal\n")
                .contains("- release   demo-m-9  back to metal, power-off\n")
                .contains("1 machine to allocate, 1 machine to release.");
    }

    @Test
    void saysThatNothingIsToDo() throws IOException {
        node("ca@engine", "step", "unchanged", "");
        assertThat(
                        text(
                                plan(
                                        new Summary(0, 0, 1, 0, 0, 0, 0, 0, true, Map.of()),
                                        List.of()),
                                80,
                                false))
                .isEqualTo(golden("nothing.txt"));
    }

    private void node(String key, String action, String decision, String reason) {
        nodes.add(
                new Node(
                        key,
                        action,
                        decision,
                        reason,
                        List.of(),
                        Optional.of(key.substring(key.indexOf('@') + 1)),
                        Optional.empty()));
    }

    private PlanDocument plan(Summary summary, List<String> drift) {
        return new PlanDocument(
                "sha256:0",
                "demo",
                "apply",
                summary,
                List.of(
                        new Member("members", "demo-members-3", "joining", Optional.of("local")),
                        new Member("members", "demo-members-9", "leaving", Optional.of("local"))),
                nodes,
                List.of("old@demo-members-0"),
                drift,
                Optional.empty(),
                Value.Struct.EMPTY);
    }

    private static String text(PlanDocument plan, int width, boolean all) {
        return String.join("\n", new PlanText(new Style(false), width, all).lines(plan)) + "\n";
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = PlanTextTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
