package dev.formwork.system;

import dev.formwork.provider.aws.server.AwsServer;
import dev.formwork.provider.tck.FaultyHttpServer;
import dev.formwork.provider.tck.HttpService;
import dev.formwork.testkit.FolderProcesses;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A cloud that speaks EC2, whose instances are folders of this host: an instance boots by running
/// its user data, as cloud-init does, and ends with all that runs of it.
final class ScriptedCloud implements HttpService, AutoCloseable {
    private static final Pattern INSTANCE = Pattern.compile("<instanceId>(i-[0-9a-f]+)<");

    private final Path folder;
    private final AwsServer aws = new AwsServer(Clock.systemUTC(), 100);
    private final Map<String, Path> instances = new ConcurrentHashMap<>();
    private final FaultyHttpServer server = new FaultyHttpServer(this, Map.of());

    ScriptedCloud(Path folder) {
        this.folder = folder;
    }

    URI uri() {
        return server.uri();
    }

    /// Runs a command with what a person has in the environment.
    static List<String> credentials() {
        return List.of(
                "env",
                "AWS_ACCESS_KEY_ID=" + AwsServer.KEY_ID,
                "AWS_SECRET_ACCESS_KEY=" + AwsServer.SECRET,
                "AWS_EC2_METADATA_DISABLED=true");
    }

    /// The folders of all instances there have been.
    Map<String, Path> instances() {
        return Map.copyOf(instances);
    }

    @Override
    public Response answer(Request request) {
        Response answer = aws.answer(request);
        // Time goes by only when somebody asks.
        aws.pass();
        aws.pass();
        if (answer.status() == 200 && request.body().contains("Action=RunInstances")) {
            Matcher made = INSTANCE.matcher(answer.body());
            while (made.find()) {
                instances.computeIfAbsent(made.group(1), this::boot);
            }
        }
        if (answer.status() == 200 && request.body().contains("Action=TerminateInstances")) {
            Matcher gone = INSTANCE.matcher(answer.body());
            while (gone.find()) {
                FolderProcesses.end(folder.resolve(gone.group(1)));
            }
        }
        return answer;
    }

    private Path boot(String instance) {
        try {
            Path home = Files.createDirectories(folder.resolve(instance));
            Path script = Files.writeString(home.resolve("user-data"), aws.userData(instance));
            ProcessBuilder cloudInit =
                    new ProcessBuilder("/bin/sh", script.toString())
                            .directory(home.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(home.resolve("console").toFile());
            cloudInit.environment().clear();
            cloudInit.environment().put("PATH", System.getenv("PATH"));
            cloudInit.environment().put("FORMWORK_HOME", home.toString());
            // So that what runs of it is known.
            cloudInit.environment().put("TMPDIR", home + "/");
            cloudInit.start();
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
