package dev.formwork.server.replay;

import dev.formwork.model.RunId;
import dev.formwork.server.api.Answers;
import dev.formwork.server.run.RunReader;
import dev.formwork.workflow.engine.Replay;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Goes through a run once more; changes nothing.
@Controller("/api/v1/runs/{run}/replay")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ReplayController {
    private final RunReader runs;
    private final Replays replays;

    ReplayController(RunReader runs, Replays replays) {
        this.runs = runs;
        this.replays = replays;
    }

    @Get
    HttpResponse<byte[]> replay(@PathVariable String run) {
        RunId known = runs.require(run).id();
        return Answers.ok(View.of(replays.of(known)));
    }

    private record View(String run, boolean equal, long entries, List<DifferenceView> differences) {
        static View of(Replay.Outcome outcome) {
            return new View(
                    outcome.run().value(),
                    outcome.isEqual(),
                    outcome.entries(),
                    outcome.differences().stream().map(DifferenceView::of).toList());
        }
    }

    private record DifferenceView(
            String of, String recorded, String replayed, Optional<Instant> at, String after) {
        static DifferenceView of(Replay.Difference difference) {
            return new DifferenceView(
                    difference.of(),
                    difference.recorded(),
                    difference.replayed(),
                    difference.at(),
                    difference.after());
        }
    }
}
