package dev.formwork.server.health;

import dev.formwork.model.Problem;
import dev.formwork.server.api.Answers;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;

import java.util.Optional;

/// Answers whoever asks whether the engine takes work, and says no more than that.
@Controller("/health")
final class HealthController {
    private final Readiness readiness;

    HealthController(Readiness readiness) {
        this.readiness = readiness;
    }

    @Get
    HttpResponse<byte[]> health() {
        Optional<Problem> problem = readiness.problem();
        return Answers.json(
                problem.isEmpty() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
                new Health(problem.isEmpty() ? "up" : "down", problem.map(Problem::code)));
    }

    private record Health(String status, Optional<String> code) {}
}
