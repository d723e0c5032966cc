package dev.formwork.provider.gce;

import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import com.google.cloud.compute.v1.Errors;
import com.google.cloud.compute.v1.Operation;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.AskLater;
import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a failure of the place means, in the words of the engine. The reasons are Google's:
/// <https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-api-errors>, and for
/// operations <https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-vm-creation>.
final class Refusals {
    /// Something about the request that no other code says. In a `create` it is the spec.
    static final String REFUSED = "gce.refused";

    private static final Set<String> TOO_OFTEN =
            Set.of(
                    "rateLimitExceeded",
                    "userRateLimitExceeded",
                    "concurrentLimitExceeded",
                    "RATE_LIMIT_EXCEEDED",
                    "operationRateExceeded");
    private static final Set<String> LIMITS =
            Set.of("quotaExceeded", "QUOTA_EXCEEDED", "limitExceeded", "dailyLimitExceeded");
    private static final Set<String> NOT_YET =
            Set.of("resourceNotReady", "RESOURCE_NOT_READY", "backendError", "INTERNAL_ERROR");

    /// Where the project is not found, nothing is known of what is in it.
    private static final Pattern UNKNOWN_PROJECT =
            Pattern.compile("'projects/[^/']+' was not found");

    private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");
    private static final int MOST_CHARACTERS = 500;

    private Refusals() {}

    /// What a call failed with, as what [dev.formwork.provider.Retries] understands.
    static RuntimeException of(Throwable failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof Error error) {
                throw error;
            }
            if (each instanceof HttpResponseException answer) {
                return of(answer, failed);
            }
            if (each instanceof SocketTimeoutException || isLate(each)) {
                return ProviderCode.TIMEOUT.problem(
                        "Google did not answer in time", "it may have done it", failed);
            }
        }
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof IOException) {
                return ProviderCode.UNAVAILABLE.problem(
                        "Google cannot be reached: " + said(each.toString()),
                        "see the network, and endpoint in the provider's configuration",
                        failed);
            }
        }
        return ProviderCode.UNAVAILABLE.problem(
                "not an answer of Google's: " + said(failed.toString()),
                "see endpoint in the provider's configuration, and proxies on the way",
                failed);
    }

    private static boolean isLate(Throwable failed) {
        return failed instanceof ApiException api
                && api.getStatusCode().getCode() == StatusCode.Code.DEADLINE_EXCEEDED;
    }

    private static RuntimeException of(HttpResponseException answer, Throwable failed) {
        Optional<JsonObject> body = json(answer.getContent());
        String reason = body.map(Refusals::reason).orElse("");
        String words =
                said(
                        body.map(Refusals::message)
                                .filter(text -> !text.isBlank())
                                .orElse("HTTP status " + answer.getStatusCode()));
        boolean isUnknownProject =
                answer.getStatusCode() == 404 && UNKNOWN_PROJECT.matcher(words).find();
        int status = isUnknownProject ? 403 : answer.getStatusCode();
        ProblemException problem =
                code(status, reason, body.isPresent())
                        .map(code -> code.problem("Google says: " + words, hint(code), failed))
                        .orElseGet(() -> refused("Google says: " + words, failed));
        return after(answer)
                .filter(_ -> ProviderCode.isTransient(problem))
                .<RuntimeException>map(after -> new AskLater(problem, after))
                .orElse(problem);
    }

    /// @param isApi whether the answer is an API's, and not that of a proxy on the way
    private static Optional<ProviderCode> code(int status, String reason, boolean isApi) {
        if (TOO_OFTEN.contains(reason) || status == 429) {
            return Optional.of(ProviderCode.THROTTLED);
        }
        if (LIMITS.contains(reason) || isOutOfRoom(reason)) {
            return Optional.of(ProviderCode.QUOTA);
        }
        if (NOT_YET.contains(reason)) {
            return Optional.of(ProviderCode.UNAVAILABLE);
        }
        // A token's endpoint says invalid_grant with status 400 (RFC 6749, section 5.2).
        if (status == 401 || status == 403 || status == 407 || reason.startsWith("invalid_")) {
            return Optional.of(ProviderCode.CREDENTIALS);
        }
        return switch (status) {
            case 404 -> Optional.of(isApi ? ProviderCode.NOT_FOUND : ProviderCode.UNAVAILABLE);
            case 408, 504 -> Optional.of(ProviderCode.TIMEOUT);
            case 409, 412 -> Optional.of(ProviderCode.CONFLICT);
            default ->
                    status >= 500 || !isApi
                            ? Optional.of(ProviderCode.UNAVAILABLE)
                            : Optional.empty();
        };
    }

    private static ProblemException refused(String detail, @Nullable Throwable failed) {
        Problem problem = Problem.of(REFUSED, detail, null);
        return failed == null
                ? problem.exception()
                : new ProblemException(List.of(problem), failed);
    }

    private static @Nullable String hint(ProviderCode code) {
        return switch (code) {
            case CREDENTIALS -> "see credentials_file, project, and what the account may do there";
            case QUOTA -> "ask for more, or use another region or type";
            default -> null;
        };
    }

    /// What an operation ended with; empty where all is well.
    ///
    /// @param what it was to do, for people
    static Optional<ProblemException> of(String what, Operation operation) {
        if (operation.getError().getErrorsCount() == 0) {
            return operation.getHttpErrorStatusCode() < 400
                    ? Optional.empty()
                    : Optional.of(
                            ofOperation(
                                    what,
                                    "HTTP_" + operation.getHttpErrorStatusCode(),
                                    operation.getHttpErrorMessage()));
        }
        // Of several, that one counts by which another place may do better.
        List<Errors> all = operation.getError().getErrorsList();
        Errors told =
                all.stream()
                        .filter(each -> isOutOfRoom(each.getCode()))
                        .findFirst()
                        .orElse(all.getFirst());
        return Optional.of(ofOperation(what, told.getCode(), told.getMessage()));
    }

    /// `QUOTA_EXCEEDED`; `ZONE_RESOURCE_POOL_EXHAUSTED`, also `_WITH_DETAILS`; `STOCKOUT`;
    /// `IP_SPACE_EXHAUSTED`, of a subnetwork.
    private static boolean isOutOfRoom(String code) {
        return code.contains("QUOTA")
                || code.contains("POOL_EXHAUSTED")
                || code.contains("SPACE_EXHAUSTED")
                || code.contains("STOCKOUT");
    }

    private static ProblemException ofOperation(String what, String code, String message) {
        String detail = "%s: %s (%s)".formatted(what, said(message), said(code));
        if (isOutOfRoom(code) && !code.contains("QUOTA")) {
            return ProviderCode.QUOTA.problem(detail, "Google has none left there just now");
        }
        if (isOutOfRoom(code)) {
            return ProviderCode.QUOTA.problem(detail, hint(ProviderCode.QUOTA));
        }
        return switch (code) {
            case "LIMIT_EXCEEDED", "HTTP_413" ->
                    ProviderCode.QUOTA.problem(detail, hint(ProviderCode.QUOTA));
            case "RATE_LIMIT_EXCEEDED", "OPERATION_RATE_EXCEEDED", "HTTP_429" ->
                    ProviderCode.THROTTLED.problem(detail, null);
            case "RESOURCE_ALREADY_EXISTS",
                    "RESOURCE_IN_USE",
                    "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE",
                    "CONDITION_NOT_MET",
                    "HTTP_409" ->
                    ProviderCode.CONFLICT.problem(detail, null);
            case "RESOURCE_NOT_FOUND", "HTTP_404" -> ProviderCode.NOT_FOUND.problem(detail, null);
            case "PERMISSIONS_ERROR",
                    "SERVICE_ACCOUNT_ACCESS_DENIED",
                    "PERMISSION_DENIED",
                    "HTTP_401",
                    "HTTP_403" ->
                    ProviderCode.CREDENTIALS.problem(detail, hint(ProviderCode.CREDENTIALS));
            case "INTERNAL_ERROR",
                    "RESOURCE_NOT_READY",
                    "SERVICE_UNAVAILABLE",
                    "HTTP_500",
                    "HTTP_503" ->
                    ProviderCode.UNAVAILABLE.problem(detail, null);
            default -> refused(detail, null);
        };
    }

    private static Optional<Duration> after(HttpResponseException answer) {
        String after = answer.getHeaders() == null ? null : answer.getHeaders().getRetryAfter();
        if (after == null) {
            return Optional.empty();
        }
        // A date is possible too (RFC 9110, section 10.2.3); Google says seconds.
        Matcher seconds = SECONDS.matcher(after.strip());
        return seconds.matches()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds.group())))
                : Optional.empty();
    }

    private static Optional<JsonObject> json(@Nullable String text) {
        try {
            return text != null && JsonParser.parseString(text) instanceof JsonObject object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (JsonParseException page) {
            return Optional.empty();
        }
    }

    private static String reason(JsonObject body) {
        return switch (body.get("error")) {
            case JsonObject error ->
                    error.get("errors") instanceof JsonArray errors
                                    && !errors.isEmpty()
                                    && errors.get(0) instanceof JsonObject first
                            ? text(first.get("reason"))
                            : text(error.get("status"));
            case null -> "";
            case JsonElement word -> text(word);
        };
    }

    private static String message(JsonObject body) {
        return body.get("error") instanceof JsonObject error
                ? text(error.get("message"))
                : text(body.get("error_description"));
    }

    private static String text(@Nullable JsonElement element) {
        return element != null && element.isJsonPrimitive() ? element.getAsString() : "";
    }

    private static String said(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) + "…" : line;
    }
}
