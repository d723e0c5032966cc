package dev.formwork.system;

import dev.formwork.model.ProblemException;
import dev.formwork.server.EngineServer;

/// The engine's process: `formwork serve` with the patience of a test.
final class EngineMain {
    private EngineMain() {}

    @SuppressWarnings("SystemOut") // what the test reads
    public static void main(String[] arguments) {
        try {
            EngineServer.serve(EngineOptions.config(arguments), System.out);
        } catch (ProblemException e) {
            e.problems()
                    .forEach(problem ->
                            System.out.println(
                                    "PROBLEM\t%s\t%s\t%s"
                                            .formatted(
                                                    problem.code(),
                                                    problem.detail(),
                                                    problem.hint())));
            System.exit(1);
        }
    }
}
