package dev.formwork.bench.agents;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The program in the process of the agents: each on virtual threads of its own. Ends with its
/// standard input.
final class LightAgents {
    private LightAgents() {}

    /// @param arguments where the engine is; a file with a credential in each line; the least and
    ///   the most milliseconds that a job takes
    public static void main(String[] arguments) throws IOException {
        URI engine = URI.create(arguments[0]);
        List<String> credentials = Files.readAllLines(Path.of(arguments[1]));
        Supplier<Executor> pace = pace(Long.parseLong(arguments[2]), Long.parseLong(arguments[3]));
        for (String credential : credentials) {
            LightAgent agent = new LightAgent(engine, credential, pace);
            Thread.ofVirtual().start(() -> run(agent));
        }
        int end = System.in.read();
        System.exit(end < 0 ? 0 : 1);
    }

    private static void run(LightAgent agent) {
        try {
            agent.run();
        } catch (IOException e) {
            System.err.println(e);
        }
    }

    private static Supplier<Executor> pace(long least, long most) {
        return () -> {
            long took = least == most ? least : ThreadLocalRandom.current().nextLong(least, most);
            Executor now = Thread::startVirtualThread;
            return took == 0
                    ? now
                    : CompletableFuture.delayedExecutor(took, TimeUnit.MILLISECONDS, now);
        };
    }
}
