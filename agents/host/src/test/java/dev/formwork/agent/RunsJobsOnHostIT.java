package dev.formwork.agent;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/// Jobs that nothing disturbs, on a host that is reached by a shell alone.
final class RunsJobsOnHostIT extends RunsJobsIT {
    @Override
    AgentProcess agent(Path folder, URI engine) throws IOException {
        return AgentProcess.insideOnHost(folder, engine);
    }
}
