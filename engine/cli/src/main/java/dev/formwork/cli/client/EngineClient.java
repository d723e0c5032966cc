package dev.formwork.cli.client;

import dev.formwork.model.module.FileTree;
import dev.formwork.model.value.Value;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The API of one engine, or of several on one store as if they were one. Every method throws what
/// the engine answers as [ProblemException], and `cli.no-engine` where nobody answers. Thread-safe.
public final class EngineClient {
    private static final Duration SOON = Duration.ofSeconds(60);

    /// A machine is asked to end before it is ended.
    private static final Duration POWER = Duration.ofSeconds(90);

    private static final Duration PLANNING = Duration.ofMinutes(15);
    private static final Duration SILENCE = Duration.ofSeconds(45);
    private static final String API = "/api/v1";

    private final Connection connection;

    public EngineClient(EngineLocation engine) {
        this(new Connection(engine));
    }

    private EngineClient(Connection connection) {
        this.connection = connection;
    }

    /// For who follows something: reads wait so long for an engine that does not answer.
    public EngineClient waiting(Duration longest) {
        return new EngineClient(connection.waiting(longest));
    }

    /// Where the engine is that answers now.
    public URI uri() {
        return connection.uri();
    }

    /// What this engine is, as it answers it.
    public Value.Struct show() {
        return Fields.of(get("/engine")).json();
    }

    /// The CA of the engines of its store: `certificate`, `sha256`, `not_after`.
    public Value.Struct ca() {
        return Fields.of(get("/engine/ca")).json();
    }

    /// Stores a pack, if the engine has it not.
    ///
    /// @return its digest
    public String upload(FileTree pack) {
        String digest = pack.digest();
        boolean known =
                Fields.of(get("/packs")).list("items", item -> item.text("digest")).stream()
                        .anyMatch(digest::equals);
        if (!known) {
            connection.call(
                    "POST", API + "/packs", Optional.of(zip(pack)), "application/zip", SOON);
        }
        return digest;
    }

    public Value.Struct moduleList(List<String> packs) {
        return Fields.of(get("/modules" + query("pack", packs))).json();
    }

    public List<ModuleDocument> modules(Value.Struct list) {
        return items(list, ModuleDocument::of);
    }

    public ModuleDocument module(String name, List<String> packs) {
        return ModuleDocument.of(
                get("/modules/" + Connection.segment(name) + query("pack", packs)));
    }

    /// @param request `PlanRequest` of the API
    public PlanDocument makePlan(Value.Struct request) {
        return PlanDocument.of(connection.post(API + "/plans", request, PLANNING).json());
    }

    public PlanDocument plan(String digest) {
        return PlanDocument.of(get("/plans/" + Connection.segment(digest)));
    }

    public Value.Struct approvePlan(String digest) {
        return Fields.of(post("/plans/" + Connection.segment(digest) + "/approve", Map.of()))
                .json();
    }

    /// @param terms `priority` and `timeout_seconds`, as far as they are not the usual ones
    public Run startRun(String plan, Map<String, Value> terms) {
        Map<String, Value> body = new LinkedHashMap<>(terms);
        body.put("plan", Value.of(plan));
        return Run.of(post("/runs", body));
    }

    public Value.Struct runList(Optional<String> cluster, int limit) {
        String filter = cluster.map(name -> "&cluster=" + Connection.segment(name)).orElse("");
        return Fields.of(get("/runs?limit=" + limit + filter)).json();
    }

    public List<Run> runs(Value.Struct list) {
        return items(list, Run::of);
    }

    public Run run(String id) {
        return Run.of(get(path(id)));
    }

    public List<RunNode> nodes(String run, String... states) {
        return items(
                Fields.of(get(path(run) + "/nodes" + query("state", List.of(states)))).json(),
                RunNode::of);
    }

    public Explanation explain(String run, String node) {
        return Explanation.of(get(path(run, node) + "/explain"));
    }

    /// Writes a backup as it comes.
    ///
    /// @throws IOException where it ends too early, or cannot be written
    public void backup(OutputStream out) throws IOException {
        Connection.Stream answer =
                connection.stream(
                        API + "/backup", "application/octet-stream", Optional.empty(), PLANNING);
        try (InputStream in = answer.body()) {
            in.transferTo(out);
        }
    }

    public ReplayDocument replay(String run) {
        return ReplayDocument.of(connection.get(API + path(run) + "/replay", PLANNING).json());
    }

    /// @param wait how long an empty answer waits for more; at most a minute
    public LogPart log(String run, String node, long offset, Duration wait) {
        Connection.Answer answer =
                connection.get(
                        API
                                + path(run, node)
                                + "/log?offset="
                                + offset
                                + "&wait_seconds="
                                + wait.toSeconds(),
                        SOON.plus(wait));
        return new LogPart(
                answer.body(),
                answer.header("Formwork-Next-Offset")
                        .map(Long::parseLong)
                        .orElse(offset + answer.body().length),
                answer.header("Formwork-Log-Complete").map(Boolean::parseBoolean).orElse(true),
                answer.header("Formwork-Job"));
    }

    /// @param now without a grace
    public Run cancel(String run, boolean now) {
        return Run.of(post(path(run) + "/cancel", now ? Map.of("now", Value.of(true)) : Map.of()));
    }

    public Run pause(String run, String reason) {
        return Run.of(
                post(
                        path(run) + "/pause",
                        reason.isEmpty() ? Map.of() : Map.of("reason", Value.of(reason))));
    }

    public Run resume(String run) {
        return Run.of(post(path(run) + "/resume", Map.of()));
    }

    public RunNode skip(String run, String node, String reason) {
        return RunNode.of(post(path(run, node) + "/skip", Map.of("reason", Value.of(reason))));
    }

    /// @param nodes keys; all that failed where empty
    public Run retry(String run, List<String> nodes) {
        return Run.of(
                post(
                        path(run) + "/retry",
                        nodes.isEmpty()
                                ? Map.of()
                                : Map.of(
                                        "nodes",
                                        Value.of(nodes.stream().map(Value::of).toList()))));
    }

    /// @param outputs where it happened
    public RunNode resolve(String run, String node, boolean happened, Map<String, Value> outputs) {
        Map<String, Value> body = new LinkedHashMap<>();
        body.put("happened", Value.of(happened));
        if (!outputs.isEmpty()) {
            body.put("outputs", Value.of(outputs));
        }
        return RunNode.of(post(path(run, node) + "/resolve", body));
    }

    public RunNode approveNode(String run, String node) {
        return RunNode.of(post(path(run, node) + "/approve", Map.of()));
    }

    public Value.Struct clusterList() {
        return Fields.of(get("/clusters")).json();
    }

    public List<ClusterDocument> clusters(Value.Struct list) {
        return items(list, ClusterDocument::of);
    }

    public ClusterDocument cluster(String name) {
        return ClusterDocument.of(get("/clusters/" + Connection.segment(name)));
    }

    public void taint(String cluster, String node) {
        connection.post(
                API + "/clusters/" + Connection.segment(cluster) + "/taint",
                Value.of(Map.of("node", Value.of(node))),
                SOON);
    }

    public Value.Struct machineList(Optional<String> cluster) {
        return Fields.of(get("/machines" + query("cluster", cluster.stream().toList()))).json();
    }

    public List<MachineDocument> machines(Value.Struct list) {
        return items(list, MachineDocument::of);
    }

    public MachineDocument machine(String name) {
        return MachineDocument.of(get("/machines/" + Connection.segment(name)));
    }

    public MachineDocument approveMachine(String machine, Map<String, Value> request) {
        return MachineDocument.of(
                post("/machines/" + Connection.segment(machine) + "/approve", request));
    }

    public void forgetMachine(String machine) {
        post("/machines/" + Connection.segment(machine) + "/forget", Map.of());
    }

    public MachineDocument reinstallMachine(String machine) {
        return MachineDocument.of(
                post("/machines/" + Connection.segment(machine) + "/reinstall", Map.of()));
    }

    public Value.Struct poolList() {
        return Fields.of(get("/pools")).json();
    }

    public List<PoolDocument> pools(Value.Struct list) {
        return items(list, PoolDocument::of);
    }

    public PoolDocument pool(String name) {
        return PoolDocument.of(get("/pools/" + Connection.segment(name)));
    }

    public PoolDocument applyPool(String yaml) {
        return PoolDocument.of(post("/pools", Map.of("yaml", Value.of(yaml))));
    }

    public void dropPool(String name) {
        post("/pools/" + Connection.segment(name) + "/drop", Map.of());
    }

    public PoolDocument reserve(String name, int count, String cluster, Optional<Instant> until) {
        Map<String, Value> request = new LinkedHashMap<>();
        request.put("count", Value.of(count));
        request.put("cluster", Value.of(cluster));
        until.ifPresent(at -> request.put("until", Value.of(at.toString())));
        return PoolDocument.of(post("/pools/" + Connection.segment(name) + "/reserve", request));
    }

    public PoolDocument unreserve(String name, String cluster) {
        return PoolDocument.of(
                post(
                        "/pools/" + Connection.segment(name) + "/unreserve",
                        Map.of("cluster", Value.of(cluster))));
    }

    public PoolDocument cleanMachine(String pool, String machine) {
        return ofPool(pool, machine, "clean");
    }

    public PoolDocument freeMachine(String pool, String machine) {
        return ofPool(pool, machine, "free");
    }

    public PoolDocument deleteMachine(String pool, String machine) {
        return ofPool(pool, machine, "delete");
    }

    private PoolDocument ofPool(String pool, String machine, String verb) {
        return PoolDocument.of(
                post(
                        "/pools/"
                                + Connection.segment(pool)
                                + "/machines/"
                                + Connection.segment(machine)
                                + "/"
                                + verb,
                        Map.of()));
    }

    public Value.Struct bootSightingList() {
        return Fields.of(get("/boot/reports")).json();
    }

    public List<BootSighting> bootSightings(Value.Struct list) {
        return items(list, BootSighting::of);
    }

    public Value.Struct params(String machine) {
        return Fields.of(get("/machines/" + Connection.segment(machine) + "/params")).json();
    }

    /// @param request `SetParams` of the API
    public Value.Struct setParams(String machine, Map<String, Value> request) {
        return Fields.of(post("/machines/" + Connection.segment(machine) + "/params", request))
                .json();
    }

    public MachinePower power(String machine) {
        return MachinePower.of(get("/machines/" + Connection.segment(machine) + "/power"));
    }

    /// @param action `on`, `off` or `reset`
    public MachinePower setPower(String machine, String action) {
        return MachinePower.of(
                connection
                        .post(
                                API + "/machines/" + Connection.segment(machine) + "/power",
                                Value.of(Map.of("action", Value.of(action))),
                                POWER)
                        .json());
    }

    /// What a machine is made of, as its provider says.
    public MachineHardware inventory(String machine) {
        return hardware(machine, "inventory");
    }

    /// What it measures of itself.
    public MachineHardware sensors(String machine) {
        return hardware(machine, "sensors");
    }

    /// What its hardware has noted.
    ///
    /// @param limit how many of the newest
    public MachineHardware hardwareEvents(String machine, int limit) {
        return hardware(machine, "hardware-events?limit=" + limit);
    }

    private MachineHardware hardware(String machine, String what) {
        return MachineHardware.of(get("/machines/" + Connection.segment(machine) + "/" + what));
    }

    /// Lets its light blink, or puts it out.
    public MachineHardware identify(String machine, int seconds) {
        return MachineHardware.of(
                connection
                        .post(
                                API + "/machines/" + Connection.segment(machine) + "/identify",
                                Value.of(Map.of("seconds", Value.of(seconds))),
                                POWER)
                        .json());
    }

    /// What a machine boots from.
    public MachineBoot boot(String machine) {
        return MachineBoot.of(get(machine(machine, "boot")));
    }

    /// @param device `network`, `disk` or `media`
    /// @param once the next time only
    public MachineBoot bootFrom(String machine, String device, boolean once) {
        return MachineBoot.of(
                postToPlace(
                        machine,
                        "boot",
                        Map.of("device", Value.of(device), "once", Value.of(once))));
    }

    /// What is in its virtual drive.
    public MachineMedia media(String machine) {
        return MachineMedia.of(get(machine(machine, "media")));
    }

    public MachineMedia insertMedia(String machine, String image) {
        return MachineMedia.of(
                postToPlace(machine, "media/insert", Map.of("image", Value.of(image))));
    }

    public MachineMedia ejectMedia(String machine) {
        return MachineMedia.of(postToPlace(machine, "media/eject", Map.of()));
    }

    /// What firmware it has.
    public MachineFirmware firmware(String machine) {
        return MachineFirmware.of(get(machine(machine, "firmware")));
    }

    /// @param components all that the image is for where empty
    public MachineFirmware.Update updateFirmware(
            String machine, String image, List<String> components) {
        Map<String, Value> body = new LinkedHashMap<>();
        body.put("image", Value.of(image));
        if (!components.isEmpty()) {
            body.put("components", Value.of(components.stream().map(Value::of).toList()));
        }
        return MachineFirmware.Update.of(postToPlace(machine, "firmware/update", body));
    }

    public MachineFirmware.Update firmwareUpdate(String machine, String id) {
        return MachineFirmware.Update.of(
                get(machine(machine, "firmware/update") + query("id", List.of(id))));
    }

    /// The settings of its BIOS.
    public MachineBios bios(String machine) {
        return MachineBios.of(get(machine(machine, "bios")));
    }

    public MachineBios setBios(String machine, Map<String, Value> attributes) {
        return MachineBios.of(postToPlace(machine, "bios", Map.of("set", Value.of(attributes))));
    }

    private static String machine(String machine, String what) {
        return "/machines/" + Connection.segment(machine) + "/" + what;
    }

    /// What takes its controller a while.
    private Value postToPlace(String machine, String what, Map<String, Value> body) {
        return connection.post(API + machine(machine, what), Value.of(body), POWER).json();
    }

    /// What a machine printed on its console, from an offset on; empty at its end.
    public ConsolePart console(String machine, long offset) {
        Connection.Answer answer =
                connection.get(
                        API
                                + "/machines/"
                                + Connection.segment(machine)
                                + "/console?offset="
                                + offset,
                        SOON);
        return new ConsolePart(
                answer.body(),
                answer.header("Formwork-Next-Offset")
                        .map(Long::parseLong)
                        .orElse(offset + answer.body().length));
    }

    /// The types of what can be set as a parameter, by name; empty where none is known.
    public Map<String, String> paramTypes() {
        Map<String, String> types = new LinkedHashMap<>();
        Fields.of(get("/params"))
                .list(
                        "items",
                        item -> types.put(item.text("name"), item.optional("type").orElse("")));
        return types;
    }

    public ParamsDocument paramsOf(Value.Struct answer) {
        return ParamsDocument.of(answer);
    }

    /// Follows what changes in a run; [EventFeed#start] begins.
    public EventFeed watch(String run) {
        return new EventFeed(after ->
                connection.stream(
                        API + "/events?run=" + Connection.segment(run),
                        "text/event-stream",
                        after,
                        SILENCE));
    }

    private static <T> List<T> items(
            Value.Struct list, java.util.function.Function<Value, T> read) {
        return Fields.of(list).list("items", item -> read.apply(item.json()));
    }

    private Value get(String path) {
        return connection.get(API + path, SOON).json();
    }

    private Value post(String path, Map<String, Value> body) {
        return connection.post(API + path, Value.of(body), SOON).json();
    }

    private static String path(String run) {
        return "/runs/" + Connection.segment(run);
    }

    private static String path(String run, String node) {
        return path(run) + "/nodes/" + Connection.segment(node);
    }

    private static String query(String name, List<String> values) {
        List<String> parts = new ArrayList<>();
        values.forEach(value -> parts.add(name + "=" + Connection.segment(value)));
        return parts.isEmpty() ? "" : "?" + String.join("&", parts);
    }

    private static byte[] zip(FileTree files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.files().entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array does not fail", e);
        }
        return bytes.toByteArray();
    }
}
