package dev.formwork.agent;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/// Jobs that end because somebody wants it, on a host that is reached by a shell alone.
final class EndsJobsOnHostIT extends EndsJobsIT {
    @Override
    AgentProcess agent(Path folder, URI engine) throws IOException {
        return AgentProcess.insideOnHost(folder, engine);
    }
}
