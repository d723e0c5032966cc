package dev.formwork.server.machine;

import dev.formwork.server.api.Answers;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/// Lists what can be set as a parameter.
@Controller("/api/v1/params")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ParameterController {
    private final MachineParameters parameters;

    ParameterController(MachineParameters parameters) {
        this.parameters = parameters;
    }

    @Get
    HttpResponse<byte[]> list() {
        return Answers.items(parameters.known());
    }
}
