package dev.formwork.provider.aws;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.Digests;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;

import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The tags by which an instance is known for a machine of this engine. They are in the request
/// that makes it, so that there is no moment without them.
///
/// EC2 takes any character in a tag, up to 128 in a key and 256 in a value, 50 tags in all.
final class Marks {
    static final String PREFIX = "formwork:";
    static final int MOST_TAGS = 50;

    private static final String ENGINE = PREFIX + "engine";
    private static final String MACHINE = PREFIX + "machine";
    private static final String TOKEN = PREFIX + "token";
    private static final String NAME = PREFIX + "name";
    private static final String LABEL = PREFIX + "label:";

    private final EngineId engine;

    Marks(EngineId engine) {
        this.engine = engine;
    }

    /// What the tags of one instance say. Anybody in the account may change them.
    record Mark(MachineId machine, OperationToken token, String name, Map<String, String> labels) {}

    /// @param more the tags of the group's spec
    List<Tag> tags(OperationToken token, InstanceRequest request, Map<String, String> more) {
        Map<String, String> tags = new TreeMap<>();
        // What the console of AWS shows.
        tags.put("Name", request.name());
        tags.putAll(more);
        tags.put(ENGINE, engine.value());
        tags.put(MACHINE, request.machine().value());
        tags.put(TOKEN, token.value());
        tags.put(NAME, request.name());
        request.labels().forEach((key, value) -> tags.put(LABEL + key, value));
        List<Tag> all = new ArrayList<>();
        tags.forEach((key, value) -> all.add(Tag.builder().key(key).value(value).build()));
        return all;
    }

    /// Of two engines with one token, each has an instance of its own.
    String clientToken(OperationToken token) {
        return Digests.hex(engine.value() + "/" + token.value());
    }

    Filter ofThisEngine() {
        return filter("tag:" + ENGINE, engine.value());
    }

    static Filter of(MachineId machine) {
        return filter("tag:" + MACHINE, machine.value());
    }

    /// @param values without `*`, `?` and backslashes, which have a meaning
    static Filter filter(String name, String... values) {
        return Filter.builder().name(name).values(values).build();
    }

    /// Empty where the instance is not one of this engine's.
    ///
    /// @throws ProblemException `aws.damaged-tags` where it is, and nobody can tell which: gone it
    ///   is not
    Optional<Mark> read(String id, List<Tag> tags) {
        Map<String, String> all = new HashMap<>();
        tags.forEach(tag -> all.put(tag.key(), tag.value()));
        if (!engine.value().equals(all.get(ENGINE))) {
            return Optional.empty();
        }
        Map<String, String> labels = new HashMap<>();
        all.forEach((key, value) -> {
            if (key.startsWith(LABEL)) {
                labels.put(key.substring(LABEL.length()), value);
            }
        });
        try {
            return Optional.of(
                    new Mark(
                            new MachineId(all.getOrDefault(MACHINE, "")),
                            new OperationToken(all.getOrDefault(TOKEN, "")),
                            nameOf(all),
                            labels));
        } catch (IllegalArgumentException | ProblemException damaged) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "aws.damaged-tags",
                                    "the tags of instance %s are not what was written: %s"
                                            .formatted(id, damaged.getMessage()),
                                    "mend its tags %s*, or take away %s to give it up"
                                            .formatted(PREFIX, ENGINE))),
                    damaged);
        }
    }

    private static String nameOf(Map<String, String> tags) {
        String name = tags.getOrDefault(NAME, "");
        if (!Names.LABEL.matcher(name).matches()) {
            throw new IllegalArgumentException("not a machine's name");
        }
        return name;
    }
}
