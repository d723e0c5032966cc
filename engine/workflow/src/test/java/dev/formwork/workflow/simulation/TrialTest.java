package dev.formwork.workflow.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/// A failure is worth something only if it can be seen again.
class TrialTest {
    private static final Pattern COMMAND =
            Pattern.compile("replay: (\\./mvnw -o .*-Dtest=SimulationTest#(\\w+) .*)$");
    private static final Pattern PROPERTY = Pattern.compile("-D(formwork\\.\\w+)=(\\S+)");

    /// Where the core throws, where it breaks a rule, and where it does not end.
    @ParameterizedTest
    @CsvSource({
        "everyWorldComesToTheEndThatItWouldHaveComeToWithoutFaults, STORM, THROWING_CORE, it throws",
        "everyWorldComesToTheEndThatItWouldHaveComeToWithoutFaults, STORM, SKIPPED_FENCING, ''",
        "aWorldWhoseStoreIsRestoredComesToTheSameEnd, LOSS, THROWING_CORE, it throws",
        "aWorldWhoseStoreIsRestoredComesToTheSameEnd, LOSS, LOST_WAKE_UP, it does not end"
    })
    void whatFailsSaysHowToReplayIt(String test, String name, SeededBug bug, String what)
            throws NoSuchMethodException {
        Chaos chaos = name.equals("LOSS") ? Chaos.LOSS : Chaos.STORM;
        Trial trial = new Trial(test, chaos, bug);
        String failure =
                LongStream.rangeClosed(1, 200)
                        .mapToObj(seed -> trial.judge(seed).failure())
                        .filter(it -> it.filter(text -> text.contains(what)).isPresent())
                        .findFirst()
                        .orElseThrow()
                        .orElseThrow();

        Matcher command = COMMAND.matcher(failure);
        assertThat(command.find()).as(failure).isTrue();
        assertThat(SimulationTest.class.getDeclaredMethod(command.group(2)))
                .satisfies(it -> assertThat(it.isAnnotationPresent(Test.class)).isTrue());
        Map<String, String> properties = new HashMap<>();
        PROPERTY.matcher(command.group(1))
                .results()
                .forEach(it -> properties.put(it.group(1), it.group(2)));
        Trial again = Trial.of(command.group(2), chaos, properties.get(Trial.BUG));
        long seed = Long.parseLong(properties.getOrDefault(Trial.SEED, "none"));
        assertThat(again.judge(seed).failure()).contains(failure);
        assertThat(again.story(seed)).last().asString().contains(what);
    }

    /// The test's time is over, and with that it is interrupted.
    @Test
    void aSeedThatHangsIsTold() {
        Thread tester = Thread.currentThread();
        CountDownLatch never = new CountDownLatch(1);
        Seeds<Long> seeds =
                new Seeds<>(
                        seed -> {
                            if (seed == 3) {
                                tester.interrupt();
                                hang(never);
                            }
                            return seed;
                        },
                        seed -> "REPLAY " + seed);
        assertThatThrownBy(() -> seeds.tried(LongStream.rangeClosed(1, 5)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 3 is not done")
                .hasMessageContaining("REPLAY 3");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void hang(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
