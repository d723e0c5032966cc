package dev.formwork.provider.redfish.client;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a service says is wrong: an HTTP status and the messages of its extended error (DSP0266,
/// "Error responses").
///
/// @param status of HTTP
/// @param messages in the order in which the service gives them
/// @param text of the error itself, empty where it has none
record Failure(int status, List<Message> messages, String text) {
    private static final int MOST_MESSAGES = 8;

    /// @param id the last part of the `MessageId`: `ResourceMissingAtURI`
    /// @param text for people
    /// @param resolution what to do; empty where it does not say
    record Message(String id, String text, String resolution) {}

    Failure {
        messages = List.copyOf(messages);
    }

    static Failure of(int status, Resource body) {
        Resource error = body.part("error");
        List<Resource> infos = new ArrayList<>(error.parts("@Message.ExtendedInfo"));
        infos.addAll(body.parts("@Message.ExtendedInfo"));
        if (infos.isEmpty()) {
            // Of a service that has one and forgets the array.
            infos.add(error.part("@Message.ExtendedInfo"));
        }
        List<Message> messages = new ArrayList<>();
        for (Resource info : infos) {
            String id = info.text("MessageId").orElse("");
            String text = info.text("Message").orElse("");
            if (messages.size() < MOST_MESSAGES && !(id + text).isEmpty()) {
                messages.add(
                        new Message(
                                id.substring(id.lastIndexOf('.') + 1),
                                text,
                                info.text("Resolution").orElse("")));
            }
        }
        return new Failure(status, messages, error.text("message").orElse(""));
    }

    boolean says(String messageId) {
        return messages.stream().anyMatch(each -> each.id().equals(messageId));
    }

    /// Whether one of the messages, or the error itself, has these words in it.
    boolean mentions(String words) {
        return text.contains(words)
                || messages.stream().anyMatch(each -> each.text().contains(words));
    }

    /// @param what was done, such as `POST /redfish/v1/…`
    /// @param retryAfter seconds; null where the service does not say
    ProblemException problem(String service, String what, @Nullable Long retryAfter) {
        String detail =
                "%s answers %s with HTTP %d%s".formatted(service, what, status, described());
        String wait =
                retryAfter == null ? "ask again later" : "ask again in %d s".formatted(retryAfter);
        if (messages.stream().anyMatch(each -> Quirk.isBusy(each.id()))) {
            return ProviderCode.UNAVAILABLE.problem(detail, wait);
        }
        return switch (status) {
            case 401, 403 ->
                    ProviderCode.CREDENTIALS.problem(
                            detail, "see the user, its password and its role at the controller");
            case 404, 405, 410, 501 -> RedfishCode.MISSING.problem(detail, hint());
            case 408, 504 -> ProviderCode.TIMEOUT.problem(detail, wait);
            case 429 -> ProviderCode.THROTTLED.problem(detail, wait);
            default ->
                    status >= 500
                            ? ProviderCode.UNAVAILABLE.problem(detail, wait)
                            : RedfishCode.REFUSED.problem(detail, hint());
        };
    }

    private String described() {
        StringBuilder described = new StringBuilder();
        for (Message each : messages) {
            described.append(": ").append(each.text());
            if (!each.id().isEmpty()) {
                described.append(" (").append(each.id()).append(')');
            }
        }
        if (messages.isEmpty() && !text.isEmpty()) {
            described.append(": ").append(text);
        }
        return described.toString();
    }

    private @Nullable String hint() {
        return messages.stream()
                .map(Message::resolution)
                .filter(each -> !each.isEmpty() && !each.toLowerCase(Locale.ROOT).equals("none"))
                .findFirst()
                .orElse(null);
    }
}
