package dev.formwork.server.tls;

import dev.formwork.server.api.Answers;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.time.Instant;

/// Gives the CA's certificate to whoever may have everything anyway, so that they can give it on by
/// a way that they trust.
@Controller("/api/v1/engine/ca")
@ExecuteOn(TaskExecutors.BLOCKING)
final class CaController {
    private final EngineCa ca;

    CaController(EngineCa ca) {
        this.ca = ca;
    }

    @Get
    HttpResponse<byte[]> show() {
        Authority authority = ca.authority();
        return Answers.ok(
                new View(
                        authority.pem(),
                        authority.fingerprint(),
                        authority.certificate().getNotAfter().toInstant()));
    }

    private record View(String certificate, String sha256, Instant notAfter) {}
}
