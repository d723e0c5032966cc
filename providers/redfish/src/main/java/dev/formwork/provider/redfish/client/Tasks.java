package dev.formwork.provider.redfish.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads what a task monitor answers (DSP0266, "Asynchronous operations"): 202 for as long as it
/// runs, then what the operation itself would have answered. Services also show the task itself
/// there, with 200 from the start, so its state counts where there is one.
final class Tasks {
    private static final int MOST_MESSAGES = 16;

    private Tasks() {}

    static Progress progress(Answer answer, Resource body) {
        Optional<String> state = body.text("TaskState");
        Optional<Integer> percent =
                body.whole("PercentComplete")
                        .filter(number -> number >= 0 && number <= 100)
                        .map(Long::intValue);
        List<String> messages = messages(answer, body);
        if (state.isEmpty()) {
            Progress.State byStatus =
                    answer.status() == 202
                            ? Progress.State.RUNNING
                            : answer.isSuccess() ? Progress.State.DONE : Progress.State.FAILED;
            return new Progress(byStatus, percent, messages);
        }
        return switch (state.get().toLowerCase(Locale.ROOT)) {
            case "completed" -> {
                boolean isCritical = body.text("TaskStatus").orElse("OK").equals("Critical");
                yield new Progress(
                        isCritical ? Progress.State.FAILED : Progress.State.DONE,
                        percent,
                        messages);
            }
            case "exception", "killed", "cancelled", "interrupted" ->
                    new Progress(Progress.State.FAILED, percent, messages);
            default -> new Progress(Progress.State.RUNNING, percent, messages);
        };
    }

    private static List<String> messages(Answer answer, Resource body) {
        List<String> messages = new ArrayList<>();
        List<Resource> all = new ArrayList<>(body.parts("Messages"));
        Failure failure = Failure.of(answer.status(), body);
        for (Resource each : all) {
            each.text("Message").or(() -> each.text("MessageId")).ifPresent(messages::add);
        }
        failure.messages().forEach(each -> messages.add(each.text()));
        if (!answer.isSuccess() && messages.isEmpty()) {
            messages.add("HTTP " + answer.status());
        }
        return messages.stream().limit(MOST_MESSAGES).toList();
    }

    /// Seconds. A date, the other form that HTTP allows, is of no use: controllers' clocks are
    /// wrong.
    static Optional<Long> retryAfter(Answer answer) {
        return answer.header("retry-after")
                .map(String::strip)
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(Long::valueOf);
    }
}
