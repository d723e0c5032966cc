package dev.formwork.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.cli.client.PlanDocument;
import dev.formwork.cli.client.PlanDocument.Cost;
import dev.formwork.cli.client.PlanDocument.Count;
import dev.formwork.cli.client.PlanDocument.Member;
import dev.formwork.cli.client.PlanDocument.Node;
import dev.formwork.cli.client.PlanDocument.Place;
import dev.formwork.cli.client.PlanDocument.Sum;
import dev.formwork.cli.client.PlanDocument.Summary;
import dev.formwork.cli.terminal.Style;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
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
    void saysWhatItCostsWherePoolsHaveToMakeMachines() {
        node("machine:allocate@demo-m-1", "allocate", "will_run", "one of metal, or made by aws");
        PlanDocument plan =
                new PlanDocument(
                        "sha256:p",
                        "demo",
                        "apply",
                        new Summary(0, 0, 0, 0, 0, 0, 1, 0, false, Map.of("cost", new Count(0, 1))),
                        Optional.of(
                                new Cost("EUR", sum("0", 0, 0), sum("0", 0, 0), sum("0.2", 1, 0))),
                        List.of(
                                new Member(
                                        "m",
                                        "demo-m-1",
                                        "initial",
                                        Optional.empty(),
                                        List.of(place(0, "aws", "0.2")))),
                        nodes,
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Value.Struct.EMPTY);
        assertThat(text(plan, 200, false))
                .contains("one of metal, or made by aws (0.2 EUR/h if made)\n")
                .contains("Effects: 1 possible cost.")
                .contains(
                        "Cost: 0 EUR/h for 0 machines; up to 0.2 EUR/h where pools have to make"
                                + " machines, or places are out of quota.");
        assertThat(plan.mayBeMadeByPools()).isEqualTo(1);
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

    private static Place place(int number, String provider, String price) {
        return new Place(
                number,
                provider,
                price.isEmpty() ? Optional.empty() : Optional.of(new BigDecimal(price)));
    }

    private static Sum sum(String price, int machines, int unpriced) {
        return new Sum(new BigDecimal(price), machines, unpriced);
    }

    private PlanDocument placed(Optional<Cost> cost) {
        node("machine:create@demo-m-0", "create", "will_run", "does not exist yet");
        node("machine:create@demo-m-1", "create", "will_run", "does not exist yet");
        node("machine:create@demo-m-2", "create", "will_run", "does not exist yet");
        List<Place> places =
                List.of(place(1, "aws", "0.0816"), place(0, "racks", ""), place(2, "aws", "0.10"));
        return new PlanDocument(
                "sha256:0",
                "demo",
                "apply",
                new Summary(0, 0, 0, 0, 3, 0, 0, 0, false, Map.of("cost", new Count(2, 0))),
                cost,
                List.of(
                        new Member("m", "demo-m-0", "initial", Optional.of("aws"), places),
                        new Member("m", "demo-m-1", "initial", Optional.of("aws"), places),
                        new Member("m", "demo-m-2", "initial", Optional.of("local"))),
                nodes,
                List.of(),
                List.of(),
                Optional.empty(),
                Value.Struct.EMPTY);
    }

    @Test
    void saysWhereMachinesAreMadeAndWhatTheyCost() {
        PlanDocument plan =
                placed(
                        Optional.of(
                                new Cost(
                                        "EUR",
                                        sum("0.50", 1, 0),
                                        sum("0.6632", 4, 1),
                                        sum("0.70", 4, 3))));
        assertThat(text(plan, 100, false))
                .isEqualTo(
                        """
                        Plan for cluster demo

                        Machines
                          + create  demo-m-[0,1]  does not exist yet (aws (place 2), 0.0816 EUR/h; or racks, price unknown;
                                                  or aws (place 3), 0.1 EUR/h)
                          + create  demo-m-2      does not exist yet (local, price unknown)

                        3 machines to create.
                        Effects: 2 costs.
                        Cost: +0.1632 EUR/h: 0.6632 for 4 machines (price of 1 unknown), was 0.5 for 1 machine; up to 0.7
                        EUR/h (price of 3 unknown) where places are out of quota.
                        """);
    }

    @Test
    void saysNothingOfPricesWhereThereAreNone() {
        assertThat(text(placed(Optional.empty()), 100, false))
                .contains("(aws (place 2); or racks; or aws (place 3))", "(local)")
                .doesNotContain("price", "Cost");
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
                Optional.empty(),
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
