package dev.formwork.provider.openstack.api;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.AskLater;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.openstack.api.Transport.Answer;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import javax.net.ssl.SSLException;

/// What the services' ways to say no mean here.
///
/// Nova: `{"forbidden": {"code": 403, "message": "Quota exceeded for cores..."}}`, the key being
/// the kind. Neutron: `{"NeutronError": {"type": "OverQuota", "message": "...", "detail": ""}}`.
/// Keystone: `{"error": {"code": 401, "message": "...", "title": "Unauthorized"}}`. Glance answers
/// in HTML. In front of them may be a proxy that says its own.
final class Failures {
    private static final int LONGEST_SAID = 400;

    /// Neutron's, with status 409 and 400.
    private static final Set<String> NO_ADDRESS =
            Set.of("IpAddressGenerationFailure", "ExternalIpAddressExhausted");

    private static final List<String> OUT_OF_ROOM =
            List.of(
                    "quota",
                    "no valid host",
                    "exceeded maximum number of retries",
                    "exhausted all hosts",
                    "maximum number of",
                    "no fixed ip addresses available");

    private Failures() {}

    /// @param what was asked, for people
    static ProblemException unreachable(String what, IOException failed) {
        if (failed instanceof HttpTimeoutException) {
            return ProviderCode.TIMEOUT.problem(
                    "no answer in time to " + what, "it may have been done", failed);
        }
        if (failed instanceof SSLException) {
            return ProviderCode.UNAVAILABLE.problem(
                    "no TLS to the cloud for %s: %s".formatted(what, failed.getMessage()),
                    "cacert names the certificates that its services are signed with",
                    failed);
        }
        return ProviderCode.UNAVAILABLE.problem(
                "no answer to %s: %s".formatted(what, failed), "is the cloud up?", failed);
    }

    static ProblemException garbled(String what) {
        return ProviderCode.UNAVAILABLE.problem(
                "the answer to %s is none of OpenStack's".formatted(what),
                "is there a proxy between? It may have been done");
    }

    /// @param body of the answer, missing where it is no JSON
    static RuntimeException refused(String what, Answer answer, JsonNode body) {
        String said = said(body);
        String detail = "%s: %d %s".formatted(what, answer.status(), said).stripTrailing();
        ProviderCode code = code(answer.status(), type(body), said, body);
        ProblemException problem = code.problem(detail, hint(code));
        Optional<Duration> later = retryAfter(answer);
        return later.isPresent() && code.isTransient()
                ? new AskLater(problem, later.get())
                : problem;
    }

    private static ProviderCode code(int status, String type, String said, JsonNode body) {
        boolean isQuota = type.equals("OverQuota") || isOutOfRoom(said);
        if (NO_ADDRESS.contains(type)) {
            return ProviderCode.QUOTA;
        }
        return switch (status) {
            case 400 -> ProviderCode.INVALID_SPEC;
            case 401 -> ProviderCode.CREDENTIALS;
            case 403 -> isQuota ? ProviderCode.QUOTA : ProviderCode.CREDENTIALS;
            // A proxy's 404 says nothing of what Nova or Neutron have.
            case 404 -> body.isObject() ? ProviderCode.NOT_FOUND : ProviderCode.UNAVAILABLE;
            case 409 -> isQuota ? ProviderCode.QUOTA : ProviderCode.CONFLICT;
            case 408, 504 -> ProviderCode.TIMEOUT;
            case 413, 429 -> isQuota ? ProviderCode.QUOTA : ProviderCode.THROTTLED;
            default -> {
                // A Nova without cells answers so where its scheduler finds no host.
                if (said.toLowerCase(Locale.ROOT).contains("no valid host")) {
                    yield ProviderCode.QUOTA;
                }
                yield status >= 500 ? ProviderCode.UNAVAILABLE : ProviderCode.INVALID_SPEC;
            }
        };
    }

    private static @Nullable String hint(ProviderCode code) {
        return switch (code) {
            case CREDENTIALS -> "see the cloud's credentials, and the role of its user";
            case QUOTA -> "free room, ask for more, or choose another flavor or zone";
            default -> null;
        };
    }

    /// Whether Nova, Neutron or Cinder says that there is no room: a quota is used up, or no host
    /// can take one more. Nova's `MaxRetriesExceeded` is of those: each host that it tried had less
    /// room than its scheduler thought.
    static boolean isOutOfRoom(String said) {
        String words = said.toLowerCase(Locale.ROOT);
        return OUT_OF_ROOM.stream().anyMatch(words::contains);
    }

    private static String type(JsonNode body) {
        return body.path("NeutronError").path("type").stringValue("");
    }

    private static String said(JsonNode body) {
        String said = body.path("message").stringValue("");
        for (JsonNode part : body) {
            if (said.isEmpty()) {
                said =
                        part.isString()
                                ? part.stringValue("")
                                : part.path("message").stringValue("");
            }
        }
        String plain = said.replaceAll("\\p{Cntrl}+", " ").strip();
        return plain.length() <= LONGEST_SAID ? plain : plain.substring(0, LONGEST_SAID) + "...";
    }

    /// In seconds: none of the services says a date.
    private static Optional<Duration> retryAfter(Answer answer) {
        return answer.header("Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }
}
