package dev.formwork.server.api;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;

import jakarta.inject.Singleton;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletionException;

/// Answers what nobody foresaw with `server.internal`, and logs it: the answer says nothing of it.
@Singleton
final class UnexpectedHandler implements ExceptionHandler<RuntimeException, HttpResponse<?>> {
    private static final Logger LOG = LoggerFactory.getLogger(UnexpectedHandler.class);

    @Override
    @SuppressWarnings("rawtypes") // as the framework declares it
    public HttpResponse<?> handle(HttpRequest request, RuntimeException exception) {
        if (exception instanceof CompletionException
                && exception.getCause() instanceof ProblemException problem) {
            return Answers.problem(problem);
        }
        LOG.error("{} {} failed", request.getMethod(), request.getPath(), exception);
        return Answers.problem(
                Problem.of(
                        "server.internal",
                        "the engine failed to answer",
                        "its log says why; please report it"));
    }
}
