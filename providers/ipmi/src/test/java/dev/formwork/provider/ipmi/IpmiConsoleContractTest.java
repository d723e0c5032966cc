package dev.formwork.provider.ipmi;

import static dev.formwork.provider.tck.ProviderContract.anyToken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Console;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.Provider;
import dev.formwork.provider.tck.ConsoleContract;
import dev.formwork.provider.tck.Eventually;
import dev.formwork.provider.tck.ProviderBench;
import dev.formwork.testkit.ipmi.SimulatedRack;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// By Serial over LAN, on controllers of OpenIPMI's `ipmi_sim` with serial lines behind them.
class IpmiConsoleContractTest implements ConsoleContract {
    private static final Map<String, Value> KEPT = Map.of("console", Value.of(true));
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    private final SimulatedRack rack = new SimulatedRack(3);
    private final IpmiBench bench;

    IpmiConsoleContractTest(@TempDir Path data) {
        bench = new IpmiBench(rack, KEPT, data);
    }

    @AfterEach
    void stopRack() {
        rack.close();
    }

    @Override
    public ProviderBench bench() {
        return bench;
    }

    @Override
    public void print(InstanceRef ref, byte[] text) {
        bench.print(ref, text);
    }

    @Test
    void goesOnInAnEngineThatIsStartedAnew() {
        InstanceRef ref;
        try (Provider provider = bench.open(ENGINE)) {
            ref = made(provider);
            print(ref, HELLO);
        }
        assertThat(rack.isListenedTo(0)).as("the session ends with the provider").isFalse();
        try (Provider again = bench.open(ENGINE)) {
            print(ref, HELLO);

            assertThat(text(again, ref)).isEqualTo("hellohello");
        }
    }

    @Test
    void goesWithTheMachine() {
        try (Provider provider = bench.open(ENGINE)) {
            InstanceRef ref = made(provider);
            print(ref, HELLO);

            provider.capability(InstanceLifecycle.class).delete(anyToken(), ref);

            assertThat(bench.console(ref)).doesNotExist();
            assertThat(rack.isListenedTo(0)).isFalse();
        }
    }

    @Test
    void whatIsLeftOfAMachineThatIsGoneIsRemoved() throws IOException {
        Path left = Files.createDirectories(bench.console(new InstanceRef("m-0@0123456789abcdef")));
        Files.writeString(left.resolve("console-00000000000000000000"), "of long ago");

        try (Provider _ = bench.open(ENGINE)) {
            Eventually.holds("it is removed", () -> !Files.exists(left));
        }
    }

    /// A person, say, who looks at the console by hand.
    @Test
    void saysThatSomebodyElseHasTheConsoleAndWaits() throws Exception {
        Process somebody = rack.listen(0);
        try (Provider provider = bench.open(ENGINE)) {
            Eventually.holds("somebody listens", () -> rack.isListenedTo(0));
            InstanceRef ref = made(provider);

            Eventually.holds(
                    "it says why nothing is there",
                    () ->
                            text(provider, ref)
                                    .matches(
                                            "\\s*\\[formwork: nothing is heard: node node-0 .*already"
                                                    + " active.*]\\s*"));
            somebody.getOutputStream().close();
            Eventually.holds("somebody has gone", () -> !somebody.isAlive());
            print(ref, HELLO);

            Eventually.holds(
                    "it says that it hears again, and what",
                    () ->
                            text(provider, ref)
                                    .endsWith("[formwork: node node-0 is heard again]\r\nhello"));
            assertThat(text(provider, ref)).containsOnlyOnce("nothing is heard");
        } finally {
            somebody.destroyForcibly();
        }
    }

    @Test
    void aNodeWhoseConsoleIsNotKeptSaysHowToHaveItKept() {
        Map<String, Value> one =
                Map.of(
                        "nodes",
                        Value.of(
                                List.of(
                                        bench.configured(0),
                                        bench.configured(1, Map.of("console", Value.of(true))))));
        IpmiBench some = new IpmiBench(rack, one, bench.data());
        try (Provider provider = some.open(ENGINE)) {
            InstanceRef ref =
                    provider.capability(InstanceLifecycle.class)
                            .create(
                                    anyToken(),
                                    request(Map.of("nodes", Value.of(List.of(Value.of("node-0"))))))
                            .ref();

            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> provider.capability(Console.class).read(ref, 0, MOST))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo("provider.unsupported");
                        assertThat(e.problems().getFirst().hint()).contains("console: true");
                    });
        }
    }

    private static String text(Provider provider, InstanceRef ref) {
        return provider.capability(Console.class).read(ref, 0, MOST).text();
    }

    private InstanceRef made(Provider provider) {
        return provider.capability(InstanceLifecycle.class).create(anyToken(), anyRequest()).ref();
    }

    private static InstanceRequest request(Map<String, Value> spec) {
        return new InstanceRequest(
                new MachineId("m-1"),
                "demo-members-0",
                new BootToken("boot-token"),
                Map.of(),
                Value.of(spec));
    }
}
