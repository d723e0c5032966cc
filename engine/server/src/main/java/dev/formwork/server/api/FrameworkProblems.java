package dev.formwork.server.api;

import dev.formwork.model.Problem;

import io.micronaut.context.annotation.Primary;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;

import jakarta.inject.Singleton;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns the web framework's own refusals (no such route, wrong method, bad parameter) into
/// problems like all others.
@Singleton
@Primary
final class FrameworkProblems implements ErrorResponseProcessor<byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(FrameworkProblems.class);

    @Override
    public MutableHttpResponse<byte[]> processResponse(
            ErrorContext context, MutableHttpResponse<?> base) {
        HttpStatus status = base.status();
        if (status.getCode() >= 500) {
            LOG.error(
                    "{} {} failed",
                    context.getRequest().getMethod(),
                    context.getRequest().getPath(),
                    context.getRootCause().orElse(null));
        }
        MutableHttpResponse<byte[]> answer = Answers.problem(problem(status, context));
        base.getHeaders()
                .forEach((name, values) -> {
                    if (name.equalsIgnoreCase("Allow")) {
                        values.forEach(value -> answer.header(name, value));
                    }
                });
        return answer;
    }

    private static Problem problem(HttpStatus status, ErrorContext context) {
        String said =
                context.getErrors().isEmpty()
                        ? status.getReason()
                        : context.getErrors().getFirst().getMessage();
        String hint = "GET /api/v1/openapi.yaml lists the routes";
        return switch (status) {
            case NOT_FOUND ->
                    Problem.of("request.not-found", "there is nothing at this address", hint);
            case METHOD_NOT_ALLOWED -> Problem.of("request.method", said, hint);
            case NOT_ACCEPTABLE -> Problem.of("request.not-acceptable", said, hint);
            case UNSUPPORTED_MEDIA_TYPE -> Problem.of("request.media-type", said, hint);
            case REQUEST_ENTITY_TOO_LARGE -> Problem.of("request.too-large", said, null);
            case INTERNAL_SERVER_ERROR, SERVICE_UNAVAILABLE, BAD_GATEWAY ->
                    Problem.of(
                            "server.internal",
                            "the engine failed to answer",
                            "its log says why; please report it");
            default -> Problem.of("request.malformed", said, hint);
        };
    }
}
