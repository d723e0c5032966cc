package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.Items;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// How an instance, and each of its disks, says whose it is; in the request that makes them.
///
/// A label holds 63 lower-case letters, digits, dashes and underscores, and can be searched for. So
/// the labels are what is short, or digests; the metadata of an instance, and the description of a
/// disk, hold the words themselves.
///
/// @param engine whose it is
/// @param machine that it was made for
/// @param name the machine's
/// @param labels of the request; a disk does not have them
record Marks(EngineId engine, MachineId machine, String name, Map<String, String> labels) {
    /// The label with the engine's id.
    static final String ENGINE = "formwork-engine";

    /// The label with the digest of the machine's id.
    static final String MACHINE = "formwork-machine";

    /// The label with the digest of the token.
    static final String TOKEN = "formwork-token";

    /// What is run at each boot, by Google's guest agent.
    static final String STARTUP_SCRIPT = "startup-script";

    private static final String CLUSTER = "formwork-cluster";
    private static final String PREFIX = "formwork-";
    private static final String NAME = "formwork-name";
    private static final String LABELS = "formwork-labels";
    private static final Pattern LABEL = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final int DIGITS = 40;
    private static final int NAME_START = 40;
    private static final int NAME_DIGITS = 20;

    Marks {
        labels = Map.copyOf(labels);
    }

    static Marks of(EngineId engine, InstanceRequest request) {
        return new Marks(engine, request.machine(), request.name(), request.labels());
    }

    /// Whether an item of the metadata is ours to write.
    static boolean isOurs(String key) {
        return key.startsWith(PREFIX) || key.equals(STARTUP_SCRIPT);
    }

    /// The engine as a label.
    static String engine(EngineId engine) {
        return LABEL.matcher(engine.value()).matches()
                ? engine.value()
                : Digest.of(engine.value()).hex(DIGITS);
    }

    /// A machine as a label.
    static String machine(MachineId machine) {
        return Digest.of(machine.value()).hex(DIGITS);
    }

    /// A token as a label.
    static String token(OperationToken token) {
        return Digest.of(token.value()).hex(DIGITS);
    }

    /// What the instance of this machine is called: an instance of that name is the machine's, and
    /// there can be no second one in a zone.
    String resourceName() {
        String start = name.length() > NAME_START ? name.substring(0, NAME_START) : name;
        return "%s%s-%s"
                .formatted(
                        Character.isLetter(start.charAt(0)) ? "" : "m-",
                        start,
                        Digest.of(engine.value(), machine.value()).hex(NAME_DIGITS));
    }

    Map<String, String> resourceLabels(OperationToken token) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(ENGINE, engine(engine));
        all.put(MACHINE, machine(machine));
        all.put(TOKEN, token(token));
        String cluster = labels.get("formwork/cluster");
        if (cluster != null && LABEL.matcher(cluster).matches()) {
            all.put(CLUSTER, cluster);
        }
        return all;
    }

    Map<String, String> metadata() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(ENGINE, engine.value());
        all.put(MACHINE, machine.value());
        all.put(NAME, name);
        JsonObject words = new JsonObject();
        labels.forEach(words::addProperty);
        all.put(LABELS, words.toString());
        return all;
    }

    /// What a disk says of itself.
    String description() {
        JsonObject words = new JsonObject();
        words.addProperty(ENGINE, engine.value());
        words.addProperty(MACHINE, machine.value());
        words.addProperty(NAME, name);
        return words.toString();
    }

    /// Those of an instance; empty where it has none.
    static Optional<Marks> of(Instance instance) {
        Map<String, String> items = new LinkedHashMap<>();
        for (Items item : instance.getMetadata().getItemsList()) {
            items.put(item.getKey(), item.getValue());
        }
        return of(items, words(items.getOrDefault(LABELS, "")));
    }

    /// Those of a disk; empty where it has none.
    static Optional<Marks> of(Disk disk) {
        return of(words(disk.getDescription()), Map.of());
    }

    private static Optional<Marks> of(Map<String, String> words, Map<String, String> labels) {
        String engine = words.get(ENGINE);
        String machine = words.get(MACHINE);
        String name = words.get(NAME);
        if (engine == null || machine == null || name == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Marks(new EngineId(engine), new MachineId(machine), name, labels));
        } catch (ProblemException somebodyElses) {
            return Optional.empty();
        }
    }

    private static Map<String, String> words(String json) {
        Map<String, String> words = new LinkedHashMap<>();
        try {
            if (JsonParser.parseString(json) instanceof JsonObject object) {
                for (Map.Entry<String, JsonElement> each : object.entrySet()) {
                    if (each.getValue().isJsonPrimitive()) {
                        words.put(each.getKey(), each.getValue().getAsString());
                    }
                }
            }
        } catch (JsonParseException somebodyElses) {
            return Map.of();
        }
        return words;
    }
}
