package dev.formwork.agent.terraform;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.runner.Launch;

import tools.jackson.databind.JsonNode;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/// The process that applies a configuration, in the place of a script: its output is the log. It
/// has a program of Terraform's make a plan, and apply that plan and no other.
///
/// It ends with 0 for a success, 1 for a failure, 2 for a check without an answer, and
/// [#DOES_NOT_HOLD] for a check that does not hold. Where it is told to end, as the program is, it
/// stays until the program has released its lock, and starts no other.
public final class TerraformMain {
    /// In the scratch folder: what to do.
    static final String ORDER = "order.json";

    /// In the scratch folder: values by name.
    static final String VARIABLES = "variables.json";

    /// Exit code of a check that does not hold.
    static final int DOES_NOT_HOLD = 10;

    private static final int UNKNOWN = 2;

    /// Of `plan -detailed-exitcode`, where it changes something.
    private static final int CHANGES = 2;

    private final Order order;
    private final Path scratch;
    private final Path data;
    private final Path plan;
    private final WorkingCopy copy;
    private final Binary binary;
    private final OutputFiles outputs;
    private final PrintStream log;

    private TerraformMain(Order order, Path scratch, PrintStream log) {
        this.order = order;
        this.scratch = scratch;
        this.data = scratch.resolve("data");
        this.plan = data.resolve("plan");
        this.copy = new WorkingCopy(order, scratch.resolve("module"));
        this.binary = new Binary(order.binary(), copy.folder(), environment(order, scratch, data));
        this.outputs = new OutputFiles(order, Path.of(System.getenv("FORMWORK_OUTPUTS")));
        this.log = log;
    }

    private static Map<String, String> environment(Order order, Path scratch, Path data) {
        Map<String, String> environment = new HashMap<>();
        environment.put("TF_IN_AUTOMATION", "1");
        environment.put("TF_INPUT", "0");
        environment.put("TF_DATA_DIR", data.toString());
        environment.put("CHECKPOINT_DISABLE", "1");
        environment.put(
                "TF_PLUGIN_CACHE_DIR",
                System.getenv().getOrDefault("TF_PLUGIN_CACHE_DIR", order.plugins()));
        // An agent that init starts may have none.
        environment.put("HOME", System.getenv().getOrDefault("HOME", scratch.toString()));
        return environment;
    }

    /// @param arguments the scratch folder
    public static void main(String[] arguments) throws IOException {
        Path scratch = Path.of(arguments[0]);
        PrintStream log =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Order order = ProtocolJson.read(Files.readAllBytes(scratch.resolve(ORDER)), Order.class);
        TerraformMain main = new TerraformMain(order, scratch, log);
        CountDownLatch done = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("formwork-end")
                                .unstarted(() -> main.endAfter(done)));
        int code;
        try {
            code = main.outcome();
        } finally {
            main.leaveNothing();
            done.countDown();
        }
        Runtime.getRuntime().halt(code);
    }

    private void endAfter(CountDownLatch done) {
        binary.startNoMore();
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leaveNothing() {
        try {
            copy.remove();
            Files.deleteIfExists(scratch.resolve(VARIABLES));
            Files.deleteIfExists(plan);
        } catch (IOException e) {
            log.println("what was written for " + binary.program() + " stays: " + e);
        }
    }

    private int outcome() throws IOException {
        int failed = order.isCheck() ? UNKNOWN : 1;
        try {
            return work();
        } catch (TerraformException e) {
            explain(e.code(), e.detail());
            return failed;
        } catch (ProtocolException e) {
            explain("terraform.bad-answer", binary.program() + " gave what is no JSON");
            return failed;
        } catch (InterruptedIOException | InterruptedException e) {
            return failed;
        } catch (IOException | RuntimeException | Error e) {
            log.println("given up: " + e);
            return failed;
        }
    }

    private void explain(String code, String detail) throws IOException {
        Files.writeString(scratch.resolve(Launch.REASON), code + "\n" + detail + "\n");
    }

    private int work() throws IOException, InterruptedException, TerraformException {
        copy.make(scratch.resolve(VARIABLES));
        copy.requireNoneUnsaved();
        DurableFile.createPrivateFolder(data);
        initialise();
        boolean changes = plan();
        if (!changes) {
            writeOutputs(Changes.NONE);
            return 0;
        }
        JsonNode planned = answer("show", "-json", plan.toString());
        Changes planChanges = Changes.of(planned);
        if (order.isCheck()) {
            explain("terraform.would-change", planChanges.sentence());
            return DOES_NOT_HOLD;
        }
        if (!order.isUndo()) {
            // What can't be given is found before anything is made.
            outputs.requireSecrets(planned.path("planned_values").path("outputs"));
        }
        apply();
        writeOutputs(planChanges);
        return 0;
    }

    /// One at a time on this machine: the providers' folder is not safe otherwise.
    private void initialise() throws IOException, InterruptedException, TerraformException {
        Path plugins = Path.of(order.plugins());
        DurableFile.createPrivateFolder(plugins);
        try (FileChannel channel =
                        FileChannel.open(
                                plugins.resolveSibling(".plugins-lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            Objects.requireNonNull(lock);
            command("terraform.not-initialised", List.of("init", "-input=false", "-no-color"));
        }
        if (order.backend()) {
            requireBackend();
        }
        if (order.workspace() != null) {
            command(
                    "terraform.not-initialised",
                    List.of("workspace", "select", "-no-color", "-or-create", order.workspace()));
        }
    }

    /// A state in a folder that goes with the job would be none.
    private void requireBackend() throws IOException, TerraformException {
        Path chosen = data.resolve("terraform.tfstate");
        JsonNode backend =
                Files.exists(chosen)
                        ? ProtocolJson.readTree(Files.readAllBytes(chosen)).path("backend")
                        : ProtocolJson.readTree("{}".getBytes(StandardCharsets.UTF_8));
        String type = backend.path("type").asString("");
        String path = backend.path("config").path("path").asString("");
        if (type.isEmpty() || (type.equals("local") && !path.startsWith("/"))) {
            throw new TerraformException(
                    "terraform.no-backend",
                    "the configuration has no backend that outlives the job; leave out backend:"
                            + " true, and its state stays on this machine");
        }
    }

    /// @return whether something is to change
    private boolean plan() throws IOException, InterruptedException, TerraformException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "plan",
                                "-input=false",
                                "-json",
                                "-detailed-exitcode",
                                "-out=" + plan));
        if (order.isCheck()) {
            // What changes nothing keeps nobody from working.
            arguments.add("-lock=false");
        }
        if (order.isUndo()) {
            arguments.add("-destroy");
        }
        order.targets().forEach(target -> arguments.add("-target=" + target));
        Messages messages = new Messages(log);
        int code = binary.run(messages::line, arguments);
        if (code != 0 && code != CHANGES) {
            throw messages.failure(
                    "terraform.not-planned",
                    binary.program() + " plan ended with " + code,
                    binary.program());
        }
        return code == CHANGES;
    }

    private void apply() throws IOException, InterruptedException, TerraformException {
        Messages messages = new Messages(log);
        int code =
                binary.run(
                        messages::line, List.of("apply", "-input=false", "-json", plan.toString()));
        copy.keepUnsaved(System.getenv().getOrDefault("FORMWORK_JOB", "job"));
        if (code != 0) {
            throw messages.failure(
                    "terraform.not-applied",
                    binary.program() + " apply ended with " + code,
                    binary.program());
        }
    }

    private void writeOutputs(Changes changes)
            throws IOException, InterruptedException, TerraformException {
        if (!order.isUndo() && !order.types().isEmpty()) {
            outputs.write(answer("output", "-json"), changes);
        }
    }

    private void command(String code, List<String> arguments)
            throws IOException, InterruptedException, TerraformException {
        Messages messages = new Messages(log);
        int ended = binary.run(messages::line, arguments);
        if (ended != 0) {
            throw messages.failure(
                    code,
                    binary.program() + " " + arguments.getFirst() + " ended with " + ended,
                    binary.program());
        }
    }

    private JsonNode answer(String... arguments)
            throws IOException, InterruptedException, TerraformException {
        return ProtocolJson.readTree(binary.answer(List.of(arguments)));
    }
}
