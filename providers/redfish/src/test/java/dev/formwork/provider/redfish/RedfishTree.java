package dev.formwork.provider.redfish;

import static dev.formwork.provider.redfish.RedfishReply.json;
import static dev.formwork.provider.redfish.RedfishReply.ref;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What an [InMemoryRedfish] shows: its resources, by path, in the form of the DMTF's schemas
/// (DSP8010).
final class RedfishTree {
    private static final String V1 = "/redfish/v1";

    private final InMemoryRedfish service;
    private final RedfishParts leaves = new RedfishParts();

    RedfishTree(InMemoryRedfish service) {
        this.service = service;
    }

    /// Every path that there is something at; for a test that walks them all.
    List<String> paths() {
        List<String> paths = new ArrayList<>(List.of(V1 + "/"));
        for (int i = 0; i < paths.size(); i++) {
            collect(at(paths.get(i)), paths);
        }
        return paths;
    }

    private void collect(@Nullable Object value, List<String> paths) {
        switch (value) {
            case Map<?, ?> object ->
                    object.forEach((name, inner) -> {
                        if (inner instanceof String path
                                && (name.equals("@odata.id")
                                        || name.equals("@Redfish.ActionInfo")
                                        || name.equals("Members@odata.nextLink"))
                                && !paths.contains(path)) {
                            paths.add(path);
                        }
                        collect(inner, paths);
                    });
            case List<?> items -> items.forEach(item -> collect(item, paths));
            case null, default -> {}
        }
    }

    /// The resource there; null where there is none.
    @Nullable Map<String, Object> at(String path) {
        String plain = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
        int skip =
                path.contains("$skip=")
                        ? Integer.parseInt(path.substring(path.indexOf("$skip=") + 6))
                        : 0;
        String trimmed = plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
        if (trimmed.equals("/redfish")) {
            return json("v1", V1 + "/");
        }
        if (!trimmed.equals(V1) && !trimmed.startsWith(V1 + "/")) {
            return null;
        }
        List<String> parts =
                trimmed.equals(V1)
                        ? List.of()
                        : List.of(trimmed.substring(V1.length() + 1).split("/", -1));
        if (parts.isEmpty()) {
            return root();
        }
        return switch (parts.getFirst()) {
            case "Systems" ->
                    parts.size() == 1
                            ? page(
                                    V1 + "/Systems",
                                    "ComputerSystem",
                                    new ArrayList<>(service.systems.keySet()),
                                    skip)
                            : system(parts, skip);
            case "Chassis" ->
                    parts.size() == 1
                            ? page(
                                    V1 + "/Chassis",
                                    "Chassis",
                                    new ArrayList<>(service.systems.keySet()),
                                    skip)
                            : chassis(parts);
            case "Managers" ->
                    parts.size() == 1
                            ? page(
                                    V1 + "/Managers",
                                    "Manager",
                                    new ArrayList<>(service.systems.keySet()),
                                    skip)
                            : manager(parts);
            case "SessionService" -> sessions(parts);
            case "TaskService" -> tasks(parts);
            case "UpdateService" -> updates(parts);
            default -> null;
        };
    }

    private Map<String, Object> root() {
        Map<String, Object> root =
                resource(
                        V1 + "/",
                        "#ServiceRoot.v1_15_0.ServiceRoot",
                        "RootService",
                        "Root Service",
                        "RedfishVersion",
                        "1.18.0",
                        "UUID",
                        "92384634-2938-2342-8820-489239905423",
                        "Vendor",
                        service.vendor,
                        "Systems",
                        ref(V1 + "/Systems"),
                        "Chassis",
                        ref(V1 + "/Chassis"),
                        "Managers",
                        ref(V1 + "/Managers"),
                        "Tasks",
                        ref(V1 + "/TaskService"),
                        "UpdateService",
                        ref(V1 + "/UpdateService"));
        if (!service.has(InMemoryRedfish.Trait.NO_SESSIONS)) {
            root.put("SessionService", ref(V1 + "/SessionService"));
        }
        root.put(
                "Links",
                service.has(InMemoryRedfish.Trait.NO_SESSIONS)
                        ? json()
                        : json("Sessions", ref(V1 + "/SessionService/Sessions")));
        return root;
    }

    private @Nullable Map<String, Object> system(List<String> parts, int skip) {
        InMemorySystem system = service.systems.get(parts.get(1));
        if (system == null) {
            return null;
        }
        String rest = String.join("/", parts.subList(2, parts.size()));
        String path = system.path();
        return switch (rest) {
            case "" -> system.system(service.traits);
            case "ResetActionInfo" ->
                    service.has(InMemoryRedfish.Trait.ACTION_INFO)
                            ? resource(
                                    path + "/ResetActionInfo",
                                    "#ActionInfo.v1_3_0.ActionInfo",
                                    "ResetActionInfo",
                                    "Reset Action Info",
                                    "Parameters",
                                    List.of(
                                            json(
                                                    "Name",
                                                    "ResetType",
                                                    "Required",
                                                    true,
                                                    "DataType",
                                                    "String",
                                                    "AllowableValues",
                                                    InMemorySystem.RESETS)))
                            : null;
            case "Bios" -> bios(system, path + "/Bios", system.bios, true);
            case "Bios/Settings" -> {
                Map<String, Object> wanted = new TreeMap<>(system.bios);
                wanted.putAll(system.pendingBios);
                yield bios(system, path + "/Bios/Settings", wanted, false);
            }
            case "LogServices/SEL/Entries" ->
                    entries(system, path + "/LogServices/SEL/Entries", skip);
            default ->
                    rest.startsWith("LogServices/SEL/Entries/")
                            ? entry(system, rest)
                            : leaves.of(system, "/Systems/{id}/" + rest);
        };
    }

    private Map<String, Object> bios(
            InMemorySystem system, String path, Map<String, Object> attributes, boolean isCurrent) {
        Map<String, Object> bios =
                resource(
                        path,
                        "#Bios.v1_2_0.Bios",
                        isCurrent ? "BIOS" : "Settings",
                        "BIOS Configuration",
                        "AttributeRegistry",
                        "BiosAttributeRegistryP89.v1_0_0",
                        "Attributes",
                        new TreeMap<>(attributes));
        if (isCurrent) {
            bios.put(
                    "@Redfish.Settings",
                    json(
                            "@odata.type",
                            "#Settings.v1_3_5.Settings",
                            "SettingsObject",
                            ref(system.path() + "/Bios/Settings")));
        }
        return bios;
    }

    private Map<String, Object> entries(InMemorySystem system, String path, int skip) {
        List<Object> members = new ArrayList<>();
        int to = Math.min(system.log.size(), skip + service.pageSize);
        for (int i = skip; i < to; i++) {
            members.add(
                    Objects.requireNonNull(entry(system, "LogServices/SEL/Entries/" + (i + 1))));
        }
        return paged(
                json(
                        "@odata.id",
                        path,
                        "@odata.type",
                        "#LogEntryCollection.LogEntryCollection",
                        "Name",
                        "Log Entries",
                        "Members",
                        members,
                        "Members@odata.count",
                        system.log.size()),
                path,
                to,
                system.log.size());
    }

    private @Nullable Map<String, Object> entry(InMemorySystem system, String rest) {
        String id = rest.substring(rest.lastIndexOf('/') + 1);
        int index = id.matches("[0-9]{1,5}") ? Integer.parseInt(id) - 1 : -1;
        if (index < 0 || index >= system.log.size()) {
            return null;
        }
        String message = system.log.get(index);
        return resource(
                system.path() + "/" + rest,
                "#LogEntry.v1_15_0.LogEntry",
                id,
                "Log Entry " + id,
                "EntryType",
                "SEL",
                "Severity",
                message.contains("failed") ? "Critical" : "OK",
                "Created",
                "2026-11-28T10:%02d:00Z".formatted(index % 60),
                "SensorType",
                "Fan",
                "Message",
                message);
    }

    private @Nullable Map<String, Object> chassis(List<String> parts) {
        InMemorySystem system = service.systems.get(parts.get(1));
        if (system == null) {
            return null;
        }
        boolean isOld = service.has(InMemoryRedfish.Trait.OLD);
        String path = system.chassis();
        String rest = String.join("/", parts.subList(2, parts.size()));
        return switch (rest) {
            case "" -> {
                Map<String, Object> chassis =
                        resource(
                                path,
                                "#Chassis.v1_23_0.Chassis",
                                system.id,
                                "Computer System Chassis",
                                "ChassisType",
                                "RackMount",
                                "Manufacturer",
                                system.manufacturer,
                                "Model",
                                system.model,
                                "SerialNumber",
                                "CH-" + system.id,
                                "PartNumber",
                                "224071-J23",
                                "PowerState",
                                system.power,
                                "Status",
                                InMemorySystem.ok());
                if (isOld) {
                    chassis.put("Thermal", ref(path + "/Thermal"));
                    chassis.put("Power", ref(path + "/Power"));
                } else {
                    chassis.put("Sensors", ref(path + "/Sensors"));
                }
                chassis.put(
                        "Links",
                        json(
                                "ComputerSystems",
                                List.of(ref(system.path())),
                                "ManagedBy",
                                List.of(ref(system.manager()))));
                yield chassis;
            }
            case "Thermal", "Power" -> isOld ? leaves.of(system, "/Chassis/{id}/" + rest) : null;
            default -> isOld ? null : leaves.of(system, "/Chassis/{id}/" + rest);
        };
    }

    private @Nullable Map<String, Object> manager(List<String> parts) {
        InMemorySystem system = service.systems.get(parts.get(1));
        if (system == null) {
            return null;
        }
        String path = system.manager();
        String rest = String.join("/", parts.subList(2, parts.size()));
        return switch (rest) {
            case "" ->
                    resource(
                            path,
                            "#Manager.v1_19_0.Manager",
                            system.id,
                            "Manager",
                            "ManagerType",
                            "BMC",
                            "Model",
                            "Joo Janta 200",
                            "FirmwareVersion",
                            Objects.requireNonNull(system.firmware.get("BMC")),
                            "Status",
                            InMemorySystem.ok(),
                            "PowerState",
                            "On",
                            "VirtualMedia",
                            ref(path + "/VirtualMedia"),
                            "Links",
                            json(
                                    "ManagerForServers",
                                    List.of(ref(system.path())),
                                    "ManagerForChassis",
                                    List.of(ref(system.chassis()))));
            case "VirtualMedia/CD1" -> media(system, path + "/" + rest);
            default -> leaves.of(system, "/Managers/{id}/" + rest);
        };
    }

    private Map<String, Object> media(InMemorySystem system, String path) {
        String image = system.image;
        Map<String, Object> media =
                resource(
                        path,
                        "#VirtualMedia.v1_6_2.VirtualMedia",
                        "CD1",
                        "Virtual CD",
                        "MediaTypes",
                        List.of("CD", "DVD"),
                        "Image",
                        image,
                        "ImageName",
                        image == null ? null : image.substring(image.lastIndexOf('/') + 1),
                        "Inserted",
                        image != null,
                        "ConnectedVia",
                        image == null ? "NotConnected" : "URI",
                        "WriteProtected",
                        true);
        if (!service.has(InMemoryRedfish.Trait.MEDIA_BY_PATCH)) {
            media.put(
                    "Actions",
                    json(
                            "#VirtualMedia.InsertMedia",
                            json("target", path + "/Actions/VirtualMedia.InsertMedia"),
                            "#VirtualMedia.EjectMedia",
                            json("target", path + "/Actions/VirtualMedia.EjectMedia")));
        }
        return media;
    }

    private @Nullable Map<String, Object> sessions(List<String> parts) {
        if (service.has(InMemoryRedfish.Trait.NO_SESSIONS)) {
            return null;
        }
        String path = V1 + "/SessionService";
        if (parts.size() == 1) {
            return leaves.of("/SessionService");
        }
        List<String> ids = service.sessionIds();
        if (parts.size() == 2 && parts.get(1).equals("Sessions")) {
            return collection(path + "/Sessions", "Session", ids);
        }
        return parts.size() == 3 && ids.contains(parts.get(2)) ? session(parts.get(2)) : null;
    }

    Map<String, Object> session(String id) {
        return resource(
                V1 + "/SessionService/Sessions/" + id,
                "#Session.v1_7_1.Session",
                id,
                "User Session",
                "UserName",
                service.user,
                "Password",
                null,
                "SessionType",
                "Redfish");
    }

    private @Nullable Map<String, Object> tasks(List<String> parts) {
        String path = V1 + "/TaskService";
        if (parts.size() == 1) {
            return leaves.of("/TaskService");
        }
        if (parts.size() == 2 && parts.get(1).equals("Tasks")) {
            return collection(path + "/Tasks", "Task", new ArrayList<>(service.tasks.keySet()));
        }
        InMemoryRedfish.Task task =
                parts.size() == 3 && parts.get(1).equals("Tasks")
                        ? service.tasks.get(parts.get(2))
                        : null;
        return task == null ? null : task(parts.get(2), task);
    }

    Map<String, Object> task(String id, InMemoryRedfish.Task task) {
        return resource(
                V1 + "/TaskService/Tasks/" + id,
                "#Task.v1_7_3.Task",
                id,
                task.name,
                "TaskState",
                task.isOver() ? (task.fails ? "Exception" : "Completed") : "Running",
                "TaskStatus",
                task.isOver() && task.fails ? "Critical" : "OK",
                "PercentComplete",
                task.percent(),
                "StartTime",
                "2026-11-28T10:00:00Z",
                "TaskMonitor",
                V1 + "/TaskService/TaskMonitors/" + id,
                "Messages",
                task.isOver() && task.fails
                        ? List.of(RedfishReply.message("ResourceInUse"))
                        : task.isOver() ? List.of(RedfishReply.message("Success")) : List.of());
    }

    private @Nullable Map<String, Object> updates(List<String> parts) {
        String path = V1 + "/UpdateService";
        List<String> ids = new ArrayList<>();
        for (InMemorySystem system : service.systems.values()) {
            system.firmware.keySet().forEach(name -> ids.add(name + "-" + system.id));
        }
        if (parts.size() == 1) {
            return leaves.of("/UpdateService");
        }
        if (parts.size() == 2) {
            return collection(path + "/FirmwareInventory", "SoftwareInventory", ids);
        }
        String id = parts.get(2);
        if (parts.size() != 3 || !parts.get(1).equals("FirmwareInventory") || !ids.contains(id)) {
            return null;
        }
        String name = id.substring(0, id.indexOf('-'));
        InMemorySystem system =
                Objects.requireNonNull(service.systems.get(id.substring(id.indexOf('-') + 1)));
        return resource(
                path + "/FirmwareInventory/" + id,
                "#SoftwareInventory.v1_10_2.SoftwareInventory",
                id,
                name + " firmware",
                "Version",
                system.firmware.get(name),
                "Updateable",
                true,
                "Status",
                InMemorySystem.ok(),
                "RelatedItem",
                List.of(ref(name.equals("BMC") ? system.manager() : system.path())),
                "RelatedItem@odata.count",
                1);
    }

    private static Map<String, Object> resource(
            String path, String type, String id, String name, @Nullable Object... more) {
        Map<String, Object> resource =
                json("@odata.id", path, "@odata.type", type, "Id", id, "Name", name);
        resource.putAll(json(more));
        return resource;
    }

    static Map<String, Object> collection(String path, String type, List<String> ids) {
        return page(path, type, ids, 0, ids.size());
    }

    private Map<String, Object> page(String path, String type, List<String> ids, int skip) {
        return page(path, type, ids, skip, service.pageSize);
    }

    private static Map<String, Object> page(
            String path, String type, List<String> ids, int skip, int size) {
        int to = Math.min(ids.size(), skip + size);
        List<Map<String, Object>> members =
                ids.subList(Math.min(skip, to), to).stream()
                        .map(id -> ref(path + "/" + id))
                        .toList();
        String collection = type + "Collection";
        return paged(
                json(
                        "@odata.id",
                        path,
                        "@odata.type",
                        "#" + collection + "." + collection,
                        "Name",
                        type + " Collection",
                        "Members",
                        members,
                        "Members@odata.count",
                        ids.size()),
                path,
                to,
                ids.size());
    }

    private static Map<String, Object> paged(
            Map<String, Object> page, String path, int to, int all) {
        if (to < all) {
            page.put("Members@odata.nextLink", path + "?$skip=" + to);
        }
        return page;
    }
}
