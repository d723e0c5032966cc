package dev.formwork.workflow.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Which calls of a machine's agent are late: they were on their way while it went on, and what
/// they say is no longer so. What goes on calling that way is not late after all: a virtual machine
/// was set back to a snapshot.
final class Calls {
    private static final int MOST_LATE = 3;

    private static final int REMEMBERED = 4;

    /// Boots that the machine has left, as far as was seen.
    private final Deque<String> leftBoots = new ArrayDeque<>();

    /// The same of the processes of its agent.
    private final Deque<String> leftProcesses = new ArrayDeque<>();

    private Optional<Input.PollNumber> newest = Optional.empty();
    private int fromLeftBoot;
    private int old;

    /// Whether a call was on its way while the machine booted anew.
    boolean isLate(String bootId) {
        if (!leftBoots.contains(bootId)) {
            fromLeftBoot = 0;
            return false;
        }
        if (++fromLeftBoot <= MOST_LATE) {
            return true;
        }
        leftBoots.remove(bootId);
        fromLeftBoot = 0;
        return false;
    }

    void left(String bootId) {
        remember(leftBoots, bootId);
    }

    /// Whether a poll was on its way while a newer one came, or came twice. If not, it is the
    /// newest.
    boolean isOld(Optional<Input.PollNumber> number) {
        if (number.isEmpty()) {
            return false;
        }
        if (isOlder(number.get()) && ++old <= MOST_LATE) {
            return true;
        }
        old = 0;
        leftProcesses.remove(number.get().process());
        newest.map(Input.PollNumber::process)
                .filter(process -> !process.equals(number.get().process()))
                .ifPresent(process -> remember(leftProcesses, process));
        newest = number;
        return false;
    }

    private boolean isOlder(Input.PollNumber number) {
        return leftProcesses.contains(number.process())
                || newest.filter(it -> it.process().equals(number.process()))
                        .filter(it -> it.count() >= number.count())
                        .isPresent();
    }

    private static void remember(Deque<String> left, String what) {
        left.addLast(what);
        if (left.size() > REMEMBERED) {
            left.removeFirst();
        }
    }
}
