package dev.formwork.provider.redfish;

import static dev.formwork.provider.redfish.RedfishReply.error;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/// A Redfish service without a host (DMTF DSP0266, DSP8010), with several systems: sessions, ETags,
/// pages, tasks, errors of the Base registry. It answers one request at a time; who listens for
/// them is another matter. Thread-safe.
final class InMemoryRedfish {
    /// What services differ in.
    enum Trait {
        /// `Thermal`, `Power` and `IndicatorLED` instead of what came later.
        OLD,
        NO_SESSIONS,
        /// It knows itself by another name, and puts that into `Location`.
        OTHER_NAME,
        /// No session is given while there is another.
        ONE_SESSION,
        /// Actions are tasks.
        TASKS,
        /// What a reset takes is in a resource of its own.
        ACTION_INFO,
        /// Virtual media has no actions.
        MEDIA_BY_PATCH,
        /// `InsertMedia` wants `TransferProtocolType`, and takes neither `Inserted` nor
        /// `WriteProtected`.
        WANTS_PROTOCOL,
        /// A change of the boot override has to have all of it.
        WHOLE_BOOT
    }

    /// Something that takes as long as it is looked at twice.
    static final class Task {
        final String name;
        final boolean fails;
        private final Runnable work;
        private int looks;

        Task(String name, boolean fails, Runnable work) {
            this.name = name;
            this.fails = fails;
            this.work = work;
        }

        private void look() {
            looks++;
            if (looks == 2 && !fails) {
                work.run();
            }
        }

        boolean isOver() {
            return looks >= 2;
        }

        int percent() {
            return Math.min(100, looks * 50);
        }
    }

    private static final String V1 = "/redfish/v1";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    final String user;
    final String vendor = "Contoso";
    private final String password;
    final Set<Trait> traits = EnumSet.noneOf(Trait.class);
    final Map<String, InMemorySystem> systems = Collections.synchronizedMap(new LinkedHashMap<>());
    final Map<String, Task> tasks = new LinkedHashMap<>();
    int pageSize = 50;
    boolean updatesFail;

    /// What was asked, for tests to look at.
    final List<RedfishRequest> requests = new ArrayList<>();

    private final RedfishTree tree = new RedfishTree(this);
    private final Map<String, String> sessions = new LinkedHashMap<>();
    private int made;

    InMemoryRedfish(String user, String password) {
        this.user = user;
        this.password = password;
    }

    InMemoryRedfish withSystems(int count) {
        for (int i = 1; i <= count; i++) {
            systems.put("node-" + i, new InMemorySystem("node-" + i, i));
        }
        return this;
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
    }

    synchronized List<String> sessionIds() {
        return new ArrayList<>(sessions.values());
    }

    /// Every session is over, and no one is told.
    synchronized void endSessions() {
        sessions.clear();
    }

    /// A look at a system without the service.
    synchronized String look(String id, Function<InMemorySystem, @Nullable Object> look) {
        return String.valueOf(look.apply(Objects.requireNonNull(systems.get(id), id)));
    }

    /// Something happens to a system, and no one is told.
    synchronized void change(String id, Consumer<InMemorySystem> change) {
        change.accept(Objects.requireNonNull(systems.get(id), id));
    }

    synchronized List<String> asked(String method) {
        return requests.stream()
                .filter(each -> each.method().equals(method))
                .map(RedfishRequest::path)
                .toList();
    }

    synchronized List<String> paths() {
        return tree.paths();
    }

    synchronized RedfishReply handle(RedfishRequest request) {
        requests.add(request);
        RedfishReply reply = answer(request);
        return reply.with("OData-Version", "4.0")
                .with("Cache-Control", "no-store")
                .with("Content-Type", "application/json; charset=utf-8");
    }

    private RedfishReply answer(RedfishRequest request) {
        boolean isOpen =
                (request.reads() && request.path().matches("/redfish(/v1/?)?"))
                        || (request.method().equals("POST") && isSessions(request));
        if (!isOpen && !knows(request)) {
            return error(401, "NoValidSession");
        }
        return switch (request.method()) {
            case "GET", "HEAD" -> read(request);
            case "POST" -> post(request);
            case "PATCH" -> patch(request);
            case "DELETE" -> delete(request);
            default -> error(405, "OperationNotAllowed").with("Allow", "GET");
        };
    }

    private boolean isSessions(RedfishRequest request) {
        return request.path().equals(V1 + "/SessionService/Sessions") && !has(Trait.NO_SESSIONS);
    }

    private boolean knows(RedfishRequest request) {
        String basic =
                Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return sessions.containsKey(request.header("x-auth-token"))
                || request.header("authorization").equals("Basic " + basic);
    }

    private RedfishReply read(RedfishRequest request) {
        String monitors = V1 + "/TaskService/TaskMonitors/";
        if (request.path().startsWith(monitors)) {
            String id = request.path().substring(monitors.length());
            Task task = tasks.get(id);
            if (task == null) {
                return missing(request);
            }
            task.look();
            if (!task.isOver()) {
                return RedfishReply.of(202, tree.task(id, task))
                        .with("Location", monitors + id)
                        .with("Retry-After", "1");
            }
            return task.fails
                    ? error(409, "ResourceInUse")
                    : RedfishReply.of(200, tree.task(id, task));
        }
        String query = request.query().isEmpty() ? "" : "?" + request.query();
        Map<String, Object> found = tree.at(request.path() + query);
        if (found == null) {
            return missing(request);
        }
        // The id of what is asked for changes with the page.
        return RedfishReply.of(200, found).with("ETag", etag(found));
    }

    private static String etag(Map<String, Object> resource) {
        return "\"%08x\"".formatted(JSON.writeValueAsString(resource).hashCode());
    }

    private static RedfishReply missing(RedfishRequest request) {
        return error(404, "ResourceMissingAtURI", request.path());
    }

    private RedfishReply delete(RedfishRequest request) {
        String below = V1 + "/SessionService/Sessions/";
        if (!request.path().startsWith(below)) {
            return error(405, "OperationNotAllowed").with("Allow", "GET");
        }
        boolean was = sessions.values().remove(request.path().substring(below.length()));
        return was ? RedfishReply.nothing() : missing(request);
    }

    private static @Nullable Map<String, Object> object(String body) {
        try {
            return JSON.readValue(body, new TypeReference<HashMap<String, Object>>() {});
        } catch (JacksonException garbled) {
            return null;
        }
    }

    private RedfishReply post(RedfishRequest request) {
        Map<String, Object> body = object(request.body().isEmpty() ? "{}" : request.body());
        if (body == null) {
            return error(400, "MalformedJSON");
        }
        if (isSessions(request)) {
            return logOn(body);
        }
        String path = request.path();
        if (path.equals(V1 + "/UpdateService/Actions/UpdateService.SimpleUpdate")) {
            return update(body);
        }
        for (InMemorySystem system : systems.values()) {
            if (path.equals(system.path() + "/Actions/ComputerSystem.Reset")) {
                return reset(system, body);
            }
            String media = system.manager() + "/VirtualMedia/CD1/Actions/VirtualMedia.";
            if (path.equals(media + "InsertMedia") && !has(Trait.MEDIA_BY_PATCH)) {
                return insert(system, body);
            }
            if (path.equals(media + "EjectMedia") && !has(Trait.MEDIA_BY_PATCH)) {
                return later("Eject", () -> system.image = null);
            }
        }
        return tree.at(path) == null
                ? missing(request)
                : error(405, "OperationNotAllowed").with("Allow", "GET");
    }

    private RedfishReply logOn(Map<String, Object> body) {
        for (String needed : List.of("UserName", "Password")) {
            if (!(body.get(needed) instanceof String)) {
                return error(400, "ActionParameterMissing", "Sessions", needed);
            }
        }
        if (!user.equals(body.get("UserName")) || !password.equals(body.get("Password"))) {
            return error(401, "NoValidSession");
        }
        if (has(Trait.ONE_SESSION) && !sessions.isEmpty()) {
            return error(503, "SessionLimitExceeded");
        }
        made++;
        String id = String.valueOf(made);
        String token = UUID.randomUUID().toString();
        sessions.put(token, id);
        return RedfishReply.of(201, tree.session(id))
                .with("X-Auth-Token", token)
                .with(
                        "Location",
                        (has(Trait.OTHER_NAME) ? "https://bmc.internal" : "")
                                + V1
                                + "/SessionService/Sessions/"
                                + id);
    }

    private RedfishReply reset(InMemorySystem system, Map<String, Object> body) {
        String action = "ComputerSystem.Reset";
        if (!(body.get("ResetType") instanceof String type)) {
            return error(400, "ActionParameterMissing", action, "ResetType");
        }
        if (body.size() > 1) {
            return error(400, "ActionParameterUnknown", action, "other");
        }
        if (!InMemorySystem.RESETS.contains(type)) {
            return error(400, "ActionParameterValueNotInList", type, "ResetType", action);
        }
        if (has(Trait.TASKS)) {
            return later(action, () -> system.reset(type));
        }
        return system.reset(type)
                ? RedfishReply.nothing()
                : error(409, "ActionParameterValueConflict", "ResetType", type);
    }

    private RedfishReply insert(InMemorySystem system, Map<String, Object> body) {
        String action = "VirtualMedia.InsertMedia";
        if (!(body.get("Image") instanceof String image)) {
            return error(400, "ActionParameterMissing", action, "Image");
        }
        if (has(Trait.WANTS_PROTOCOL)) {
            for (String refused : List.of("Inserted", "WriteProtected")) {
                if (body.containsKey(refused)) {
                    return error(400, "ActionParameterNotSupported", refused, action);
                }
            }
            if (!body.containsKey("TransferProtocolType")) {
                return error(400, "ActionParameterMissing", action, "TransferProtocolType");
            }
        }
        if (system.image != null) {
            return error(409, "ResourceInUse");
        }
        return later(action, () -> system.image = image);
    }

    private RedfishReply update(Map<String, Object> body) {
        if (!(body.get("ImageURI") instanceof String image)) {
            return error(400, "ActionParameterMissing", "UpdateService.SimpleUpdate", "ImageURI");
        }
        List<String> targets = new ArrayList<>();
        if (body.get("Targets") instanceof List<?> wanted) {
            wanted.forEach(each -> targets.add(String.valueOf(each)));
        }
        // bmc-2.0.img is version 2.0 of the BMC, of the systems that are named, or of all.
        String file = image.substring(image.lastIndexOf('/') + 1);
        String version = file.replaceFirst("^[a-z]+-", "").replaceFirst("\\.img$", "");
        String name = file.startsWith("bios") ? "BIOS" : "BMC";
        return task(
                "Update",
                updatesFail,
                () -> {
                    for (InMemorySystem system : systems.values()) {
                        String own =
                                V1 + "/UpdateService/FirmwareInventory/" + name + "-" + system.id;
                        if (targets.isEmpty() || targets.contains(own)) {
                            system.firmware.put(name, version);
                        }
                    }
                });
    }

    /// At once, or as a task where services of this kind do so.
    private RedfishReply later(String name, Runnable work) {
        if (has(Trait.TASKS)) {
            return task(name, false, work);
        }
        work.run();
        return RedfishReply.nothing();
    }

    private RedfishReply task(String name, boolean fails, Runnable work) {
        String id = String.valueOf(tasks.size() + 1);
        Task task = new Task(name, fails, work);
        tasks.put(id, task);
        return RedfishReply.of(202, tree.task(id, task))
                .with(
                        "Location",
                        (has(Trait.OTHER_NAME) ? "https://bmc.internal" : "")
                                + V1
                                + "/TaskService/TaskMonitors/"
                                + id)
                .with("Retry-After", "1");
    }

    private RedfishReply patch(RedfishRequest request) {
        Map<String, Object> resource = tree.at(request.path());
        if (resource == null) {
            return missing(request);
        }
        String match = request.header("if-match");
        if (!match.isEmpty() && !match.equals("*") && !match.equals(etag(resource))) {
            return error(412, "PreconditionFailed");
        }
        Map<String, Object> body = object(request.body());
        if (body == null) {
            return error(400, "MalformedJSON");
        }
        for (InMemorySystem system : systems.values()) {
            if (request.path().equals(system.path())) {
                return RedfishPatch.system(system, body, traits);
            }
            if (request.path().equals(system.path() + "/Bios/Settings")) {
                return RedfishPatch.bios(system, body);
            }
            if (has(Trait.MEDIA_BY_PATCH)
                    && request.path().equals(system.manager() + "/VirtualMedia/CD1")) {
                system.image =
                        body.get("Image") instanceof String image
                                        && Boolean.TRUE.equals(body.get("Inserted"))
                                ? image
                                : null;
                return RedfishReply.nothing();
            }
        }
        return error(405, "OperationNotAllowed").with("Allow", "GET");
    }
}
