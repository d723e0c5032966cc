package dev.formwork.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

class LanesTest {
    private static final MachineId ONE = new MachineId("m-1");
    private static final MachineId TWO = new MachineId("m-2");

    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final Lanes lanes = new Lanes(threads::add);
    private final List<String> done = new ArrayList<>();

    @Test
    void runsOneMachinesWorkInOrderOnOneThread() {
        lanes.submit(ONE, "create", _ -> done.add("create"));
        lanes.submit(ONE, "remove", _ -> done.add("remove"));

        assertThat(threads).hasSize(1);
        threads.remove().run();
        assertThat(done).containsExactly("create", "remove");
    }

    @Test
    void runsDifferentMachinesSideBySide() {
        lanes.submit(ONE, "create", _ -> done.add("one"));
        lanes.submit(TWO, "create", _ -> done.add("two"));

        assertThat(threads).hasSize(2);
    }

    @Test
    void takesNothingTwiceWhileItWaits() {
        lanes.submit(ONE, "create", _ -> done.add("first"));
        lanes.submit(ONE, "create", _ -> done.add("second"));

        threads.forEach(Runnable::run);
        assertThat(done).containsExactly("first");
    }

    @Test
    void takesANewWishOnceTheOldOneHasSettled() {
        lanes.submit(
                ONE,
                "create",
                settle -> {
                    lanes.submit(ONE, "create", _ -> done.add("too early"));
                    settle.run();
                    lanes.submit(ONE, "create", _ -> done.add("again"));
                    done.add("first");
                });

        threads.remove().run();
        assertThat(done).containsExactly("first", "again");
        assertThat(threads).isEmpty();
    }

    @Test
    void goesOnAfterAWorkThatFails() {
        lanes.submit(
                ONE,
                "create",
                _ -> {
                    throw new IllegalStateException("a bug");
                });
        lanes.submit(ONE, "remove", _ -> done.add("remove"));

        threads.remove().run();
        lanes.submit(ONE, "create", _ -> done.add("create"));
        threads.remove().run();
        assertThat(done).containsExactly("remove", "create");
    }
}
