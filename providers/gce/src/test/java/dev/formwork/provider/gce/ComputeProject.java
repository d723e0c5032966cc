package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.AccessConfig;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.AttachedDiskInitializeParams;
import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceProperties;
import com.google.cloud.compute.v1.InstanceTemplate;
import com.google.cloud.compute.v1.Items;
import com.google.cloud.compute.v1.NetworkInterface;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.SerialPortOutput;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What is in a project, and what becomes of it. Thread-safe.
///
/// Time passes for an operation when somebody asks for it: at the first time it runs, at the second
/// it is done.
final class ComputeProject {
    static final List<String> ZONES =
            List.of("europe-west3-a", "europe-west3-b", "europe-west3-c", "us-east1-b");
    static final Set<String> MACHINE_TYPES = Set.of("e2-small", "e2-medium", "n2-standard-4");
    static final Set<String> IMAGES =
            Set.of(
                    "projects/debian-cloud/global/images/family/debian-12",
                    "projects/debian-cloud/global/images/debian-12-bookworm-v20260101",
                    "global/images/own");

    static final String HOST = "https://www.googleapis.com/compute/v1/";
    private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern LABEL_KEY = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
    private static final Pattern LABEL_VALUE = Pattern.compile("[a-z0-9_-]{0,63}");
    private static final Pattern METADATA_KEY = Pattern.compile("[a-zA-Z0-9-_]{1,128}");
    private static final int MOST_METADATA = 256 * 1024;

    private long last = 1000;
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final Map<String, Disk> disks = new LinkedHashMap<>();
    private final ProjectOperations operations = new ProjectOperations(() -> last++);
    private final Map<String, InstanceTemplate> templates = new HashMap<>();
    private final ProjectConsoles consoles = new ProjectConsoles();
    private final Map<String, Integer> hidden = new HashMap<>();
    private final Set<String> unreachable = new HashSet<>();
    private int listsThatHide;
    private boolean keepsDisks;

    /// New instances are in none of the next lists, so many of them.
    synchronized void hideFromLists(int lists) {
        listsThatHide = lists;
    }

    /// Whether disks stay when their instance goes, as after a fault of Google's.
    synchronized void keepDisks(boolean keeps) {
        keepsDisks = keeps;
    }

    /// The next operation fails so.
    synchronized void failNext(String code, String message) {
        operations.failNext(code, message);
    }

    synchronized void unreachable(String zone) {
        unreachable.add("zones/" + zone);
    }

    synchronized Set<String> unreachable() {
        return Set.copyOf(unreachable);
    }

    synchronized void add(InstanceTemplate template) {
        templates.put(template.getName(), template);
    }

    synchronized InstanceTemplate template(String name) {
        InstanceTemplate found = templates.get(name);
        if (found == null) {
            throw notFound(
                    "projects/%s/global/instanceTemplates/%s"
                            .formatted(ComputeServer.PROJECT, name));
        }
        return found;
    }

    /// All, whatever a list shows.
    synchronized List<Instance> instances() {
        return List.copyOf(instances.values());
    }

    /// What a list shows.
    synchronized List<Instance> listed() {
        List<Instance> all = new ArrayList<>();
        instances.forEach((path, instance) -> {
            int lists = hidden.getOrDefault(path, 0);
            hidden.put(path, Math.max(0, lists - 1));
            if (lists == 0) {
                all.add(instance);
            }
        });
        return all;
    }

    synchronized List<Disk> disks() {
        return List.copyOf(disks.values());
    }

    /// Newest first.
    synchronized List<Operation> operations(String zone) {
        requireZone(zone);
        return operations.newestFirst(zone);
    }

    /// Does something once for each id of a request.
    synchronized Operation once(String requestId, Supplier<Operation> change) {
        return operations.once(requestId, change);
    }

    synchronized Operation insert(String zone, Instance asked, String templateUrl) {
        requireZone(zone);
        Instance.Builder instance = asked.toBuilder();
        if (!templateUrl.isEmpty()) {
            merge(instance, template(Place.lastPart(templateUrl)).getProperties(), zone);
        }
        requireValid(zone, instance);
        String path = path(zone, "instances", instance.getName());
        if (instances.containsKey(path)) {
            throw exists(path);
        }
        List<AttachedDisk> attached = new ArrayList<>();
        List<Disk> made = new ArrayList<>();
        for (AttachedDisk disk : instance.getDisksList()) {
            attached.add(disk.hasInitializeParams() ? disk(zone, instance, disk, made) : disk);
        }
        long id = last++;
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        instance.clearDisks()
                .addAllDisks(attached)
                .setId(id)
                .setKind("compute#instance")
                .setSelfLink(HOST + path)
                .setZone(HOST + "projects/%s/zones/%s".formatted(ComputeServer.PROJECT, zone))
                .setCreationTimestamp(now.toString())
                .setStatus("PROVISIONING")
                .setLabelFingerprint("42WmSpB8rSM=");
        instance.getTagsBuilder().setFingerprint("42WmSpB8rSM=");
        instance.getMetadataBuilder().setFingerprint("42WmSpB8rSM=");
        address(instance);
        if (operations.isFailing()) {
            return started("insert", zone, path, id, () -> {}, () -> {});
        }
        instances.put(path, instance.build());
        hidden.put(path, listsThatHide);
        made.forEach(disk -> disks.put(path(zone, "disks", disk.getName()), disk));
        return started(
                "insert",
                zone,
                path,
                id,
                () -> status(path, "PROVISIONING", "STAGING"),
                () -> {
                    status(path, "PROVISIONING", "RUNNING");
                    status(path, "STAGING", "RUNNING");
                });
    }

    private AttachedDisk disk(
            String zone, Instance.Builder instance, AttachedDisk disk, List<Disk> made) {
        AttachedDiskInitializeParams asked = disk.getInitializeParams();
        String name = asked.getDiskName().isEmpty() ? instance.getName() : asked.getDiskName();
        String path = path(zone, "disks", name);
        requireName("resource.disks.initializeParams.diskName", name);
        requireLabels(asked.getLabelsMap());
        boolean isTwice = made.stream().anyMatch(each -> each.getName().equals(name));
        if (disks.containsKey(path) || isTwice) {
            throw exists(path);
        }
        if (!asked.getDiskType().isEmpty()
                && !asked.getDiskType().startsWith("zones/%s/diskTypes/pd-".formatted(zone))) {
            throw invalid("resource.disks.initializeParams.diskType", asked.getDiskType());
        }
        if (asked.getSourceImage().isEmpty()
                ? disk.getBoot() || !asked.hasDiskSizeGb()
                : !IMAGES.contains(asked.getSourceImage())) {
            throw invalid(
                    "resource.disks.initializeParams.sourceImage",
                    asked.getSourceImage() + "'. The referenced image resource cannot be found.");
        }
        made.add(
                Disk.newBuilder()
                        .setId(last++)
                        .setKind("compute#disk")
                        .setName(name)
                        .setDescription(asked.getDescription())
                        .putAllLabels(asked.getLabelsMap())
                        .setSizeGb(asked.hasDiskSizeGb() ? asked.getDiskSizeGb() : 10)
                        .setStatus("READY")
                        .setCreationTimestamp(Instant.now().toString())
                        .setSelfLink(HOST + path)
                        .setZone(
                                HOST
                                        + "projects/%s/zones/%s"
                                                .formatted(ComputeServer.PROJECT, zone))
                        .addUsers(HOST + path(zone, "instances", instance.getName()))
                        .build());
        return disk.toBuilder()
                .clearInitializeParams()
                .setType("PERSISTENT")
                .setSource(HOST + path)
                .build();
    }

    /// What is said takes the place of what the template has, but maps, which are joined (RFC
    /// 7396).
    private static void merge(Instance.Builder instance, InstanceProperties template, String zone) {
        if (instance.getMachineType().isEmpty()) {
            instance.setMachineType(
                    "zones/%s/machineTypes/%s".formatted(zone, template.getMachineType()));
        }
        if (instance.getDisksCount() == 0) {
            instance.addAllDisks(template.getDisksList());
        }
        if (instance.getNetworkInterfacesCount() == 0) {
            instance.addAllNetworkInterfaces(template.getNetworkInterfacesList());
        }
        if (instance.getMetadata().getItemsCount() == 0) {
            instance.setMetadata(template.getMetadata());
        }
        if (!instance.hasTags()) {
            instance.setTags(template.getTags());
        }
        Map<String, String> labels = new LinkedHashMap<>(template.getLabelsMap());
        labels.putAll(instance.getLabelsMap());
        instance.putAllLabels(labels);
    }

    private static void requireValid(String zone, Instance.Builder instance) {
        requireName("resource.name", instance.getName());
        requireLabels(instance.getLabelsMap());
        String prefix = "zones/%s/machineTypes/".formatted(zone);
        String type = instance.getMachineType();
        int at = type.indexOf(prefix);
        if (at < 0 || !MACHINE_TYPES.contains(type.substring(at + prefix.length()))) {
            throw invalid("resource.machineType", type);
        }
        if (instance.getDisksList().stream().filter(AttachedDisk::getBoot).count() != 1) {
            throw invalid("resource.disks", "At least one boot disk is required");
        }
        if (instance.getNetworkInterfacesCount() == 0) {
            throw invalid(
                    "resource.networkInterfaces", "At least one network interface is required");
        }
        Set<String> keys = new HashSet<>();
        for (Items item : instance.getMetadata().getItemsList()) {
            if (!METADATA_KEY.matcher(item.getKey()).matches()
                    || !keys.add(item.getKey())
                    || item.getValue().getBytes(StandardCharsets.UTF_8).length > MOST_METADATA) {
                throw invalid("resource.metadata.items", item.getKey());
            }
        }
        boolean isSpot = instance.getScheduling().getProvisioningModel().equals("SPOT");
        if (isSpot
                && (instance.getScheduling().getAutomaticRestart()
                        || instance.getScheduling().getOnHostMaintenance().equals("MIGRATE"))) {
            throw invalid("scheduling", "Scheduling must have preemptible be true or ...");
        }
    }

    private static void requireName(String field, String name) {
        if (!NAME.matcher(name).matches()) {
            throw invalid(field, name);
        }
    }

    private static void requireLabels(Map<String, String> labels) {
        labels.forEach((key, value) -> {
            if (!LABEL_KEY.matcher(key).matches() || !LABEL_VALUE.matcher(value).matches()) {
                throw invalid("resource.labels", "%s=%s".formatted(key, value));
            }
        });
        if (labels.size() > 64) {
            throw invalid("resource.labels", "too many");
        }
    }

    private void address(Instance.Builder instance) {
        NetworkInterface.Builder card = instance.getNetworkInterfacesBuilder(0);
        long number = last++;
        card.setName("nic0").setNetworkIP("10.156.%d.%d".formatted(number / 250, number % 250 + 2));
        for (AccessConfig.Builder config : card.getAccessConfigsBuilderList()) {
            if (config.getNatIP().isEmpty()) {
                config.setNatIP("198.51.%d.%d".formatted(number / 250, number % 250 + 2));
            }
        }
    }

    synchronized Instance instance(String zone, String name) {
        requireZone(zone);
        Instance found = instances.get(path(zone, "instances", name));
        if (found == null) {
            throw notFound(path(zone, "instances", name));
        }
        return found;
    }

    synchronized Operation delete(String zone, String name) {
        Instance instance = instance(zone, name);
        String path = path(zone, "instances", name);
        if (instance.getDeletionProtection()) {
            throw new ApiError(
                    412,
                    "conditionNotMet",
                    "Resource cannot be deleted if it's protected against deletion.");
        }
        if (!operations.isFailing()) {
            become(path, "STOPPING");
        }
        return started("delete", zone, path, instance.getId(), () -> {}, () -> remove(zone, name));
    }

    /// An instance goes behind its engine's back.
    synchronized void remove(String zone, String name) {
        Instance gone = instances.remove(path(zone, "instances", name));
        if (gone != null) {
            gone.getDisksList().forEach(disk -> detach(zone, disk));
        }
    }

    /// Somebody sets the metadata of an instance, and so takes away what was there.
    synchronized void forgetMetadata(String zone, String name) {
        String path = path(zone, "instances", name);
        instances.put(path, instance(zone, name).toBuilder().clearMetadata().build());
    }

    private void detach(String zone, AttachedDisk disk) {
        String path = path(zone, "disks", Place.lastPart(disk.getSource()));
        Disk known = disks.remove(path);
        if (known != null && (keepsDisks || !disk.getAutoDelete())) {
            disks.put(path, known.toBuilder().clearUsers().build());
        }
    }

    synchronized Operation deleteDisk(String zone, String name) {
        requireZone(zone);
        String path = path(zone, "disks", name);
        Disk disk = disks.get(path);
        if (disk == null) {
            throw notFound(path);
        }
        if (disk.getUsersCount() > 0) {
            throw new ApiError(
                    400,
                    "resourceInUseByAnotherResource",
                    "The disk resource '%s' is already being used by '%s'"
                            .formatted(path, disk.getUsers(0)));
        }
        return started("delete", zone, path, disk.getId(), () -> {}, () -> disks.remove(path));
    }

    synchronized Operation start(String zone, String name) {
        Instance instance = instance(zone, name);
        String path = path(zone, "instances", name);
        return started(
                "start",
                zone,
                path,
                instance.getId(),
                () -> status(path, "TERMINATED", "STAGING"),
                () -> status(path, "STAGING", "RUNNING"));
    }

    synchronized Operation stop(String zone, String name) {
        Instance instance = instance(zone, name);
        String path = path(zone, "instances", name);
        return started(
                "stop",
                zone,
                path,
                instance.getId(),
                () -> status(path, "RUNNING", "STOPPING"),
                () -> become(path, "TERMINATED"));
    }

    synchronized Operation reset(String zone, String name) {
        Instance instance = instance(zone, name);
        if (!instance.getStatus().equals("RUNNING")) {
            throw new ApiError(
                    400, "resourceNotReady", "The resource '%s' is not ready".formatted(name));
        }
        return started(
                "reset", zone, path(zone, "instances", name), instance.getId(), () -> {}, () -> {});
    }

    /// Google takes back what a spot machine runs on, or its guest switches itself off.
    ///
    /// @param operation such as `compute.instances.preempted`
    synchronized void goOff(String zone, String name, String operation) {
        goOff(zone, name, operation, Instant.now().toString());
    }

    /// @param at when, as Google words it
    synchronized void goOff(String zone, String name, String operation, String at) {
        String path = path(zone, "instances", name);
        become(path, "TERMINATED");
        operations.happened(operation, zone, path, instance(zone, name).getId(), at);
    }

    /// Google forgets what operations there were, before they are over.
    synchronized void forgetOperations() {
        operations.forgetAll();
    }

    /// From now on nobody is told of an operation that he has started.
    synchronized void hideOperations() {
        operations.hide();
    }

    synchronized void print(String zone, String name, byte[] text) {
        consoles.print(path(zone, "instances", name), text);
    }

    synchronized SerialPortOutput console(String zone, String name, long asked) {
        instance(zone, name);
        return consoles.read(path(zone, "instances", name), asked);
    }

    synchronized Operation poll(String zone, String name) {
        requireZone(zone);
        return operations.poll(name);
    }

    private Operation started(
            String type, String zone, String path, long target, Runnable running, Runnable done) {
        return operations.started(type, zone, path, target, running, done);
    }

    private void status(String path, String from, String to) {
        Instance instance = instances.get(path);
        if (instance != null && instance.getStatus().equals(from)) {
            become(path, to);
        }
    }

    private void become(String path, String status) {
        Instance instance = instances.get(path);
        if (instance != null) {
            instances.put(path, instance.toBuilder().setStatus(status).build());
        }
    }

    static String path(String zone, String kind, String name) {
        return "projects/%s/zones/%s/%s/%s".formatted(ComputeServer.PROJECT, zone, kind, name);
    }

    private static void requireZone(String zone) {
        if (!ZONES.contains(zone)) {
            throw invalid("zone", zone + "'. Unknown zone.");
        }
    }

    static ApiError invalid(String field, String value) {
        return new ApiError(
                400, "invalid", "Invalid value for field '%s': '%s'".formatted(field, value));
    }

    private static ApiError exists(String path) {
        return new ApiError(
                409, "alreadyExists", "The resource '%s' already exists".formatted(path));
    }

    static ApiError notFound(String path) {
        return new ApiError(404, "notFound", "The resource '%s' was not found".formatted(path));
    }
}
