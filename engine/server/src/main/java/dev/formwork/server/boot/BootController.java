package dev.formwork.server.boot;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.shard.Peers;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.shard.Shard;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.util.regex.Pattern;

/// What boot servers ask, in this process and at remote sites.
@Controller("/api/v1/boot")
@ExecuteOn(TaskExecutors.BLOCKING)
final class BootController {
    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");

    private final BootDesk desk;
    private final ReportDesk reports;
    private final Peers peers;

    BootController(BootDesk desk, ReportDesk reports, Peers peers) {
        this.desk = desk;
        this.reports = reports;
        this.peers = peers;
    }

    @Post("/decide")
    HttpResponse<byte[]> decide(HttpRequest<byte[]> request) {
        MachineAsked asked = ApiJson.read(request.getBody(), MachineAsked.class);
        return Answers.ok(desk.decide(asked.hardware(), asked.server().orElse("")));
    }

    @Post("/file")
    HttpResponse<byte[]> file(HttpRequest<byte[]> request) {
        FileAsked asked = ApiJson.read(request.getBody(), FileAsked.class);
        String content = desk.file(new MachineId(asked.machine()), asked.path(), asked.server());
        return Answers.ok(new FileAsked.Answer(content));
    }

    @Post("/installed")
    HttpResponse<byte[]> installed(HttpRequest<byte[]> request) {
        InstalledMachine done = ApiJson.read(request.getBody(), InstalledMachine.class);
        Machine machine = desk.require(new MachineId(done.machine()));
        return peers.answer(
                request,
                Shard.of(machine),
                () -> {
                    EngineLoop.join(desk.installed(machine));
                    return Answers.ok(done);
                });
    }

    @Post("/reports")
    HttpResponse<byte[]> report(HttpRequest<byte[]> request) {
        BootReport report = ApiJson.read(request.getBody(), BootReport.class).checked();
        desk.note(report);
        reports.take(report);
        return Answers.ok(report);
    }

    @Get("/reports")
    HttpResponse<byte[]> reports() {
        return Answers.items(reports.all());
    }

    @Post("/claim")
    HttpResponse<byte[]> claim(HttpRequest<byte[]> request) {
        MachineAsked asked = ApiJson.read(request.getBody(), MachineAsked.class);
        String nonce =
                asked.nonce()
                        .filter(NONCE.asMatchPredicate())
                        .orElseThrow(() ->
                                ProblemException.of(
                                        "request.malformed",
                                        "a claim has a nonce of 32 hexadecimal digits",
                                        "the container OS makes one up at each boot"));
        return peers.answer(
                request,
                desk.shard(asked.hardware()),
                () -> Answers.ok(EngineLoop.join(desk.claim(asked, nonce))));
    }
}
