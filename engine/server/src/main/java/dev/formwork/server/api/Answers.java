package dev.formwork.server.api;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;

import java.util.List;
import java.util.OptionalLong;

/// Makes responses. Bodies are bytes: what a route answers is decided here and nowhere else.
public final class Answers {
    private Answers() {}

    public static MutableHttpResponse<byte[]> ok(Object answer) {
        return json(HttpStatus.OK, answer);
    }

    public static MutableHttpResponse<byte[]> created(Object answer) {
        return json(HttpStatus.CREATED, answer);
    }

    public static MutableHttpResponse<byte[]> accepted(Object answer) {
        return json(HttpStatus.ACCEPTED, answer);
    }

    public static MutableHttpResponse<byte[]> items(List<?> items) {
        return ok(new Items(items));
    }

    public static MutableHttpResponse<byte[]> noContent() {
        return HttpResponse.noContent();
    }

    public static MutableHttpResponse<byte[]> json(HttpStatus status, Object answer) {
        return bytes(status, ApiJson.write(answer), MediaType.APPLICATION_JSON);
    }

    public static MutableHttpResponse<byte[]> bytes(
            HttpStatus status, byte[] body, String mediaType) {
        return HttpResponse.<byte[]>status(status).contentType(mediaType).body(body);
    }

    public static MutableHttpResponse<byte[]> problem(ProblemException exception) {
        return problem(exception.problems());
    }

    public static MutableHttpResponse<byte[]> problem(Problem problem) {
        return problem(List.of(problem));
    }

    public static MutableHttpResponse<byte[]> problem(List<Problem> problems) {
        return problem(problems, OptionalLong.empty());
    }

    /// @param next the log's length, with `job.log-gap`
    public static MutableHttpResponse<byte[]> problem(List<Problem> problems, OptionalLong next) {
        HttpStatus status = HttpStatus.valueOf(Statuses.of(problems.getFirst().code()));
        ProblemAnswer answer =
                ProblemAnswer.of(status.getCode(), status.getReason(), problems, next);
        MutableHttpResponse<byte[]> response =
                bytes(status, ApiJson.write(answer), ProblemAnswer.MEDIA_TYPE);
        if (status == HttpStatus.UNAUTHORIZED) {
            response.header("WWW-Authenticate", "Bearer realm=\"formwork\"");
        }
        return response;
    }

    private record Items(List<?> items) {}
}
