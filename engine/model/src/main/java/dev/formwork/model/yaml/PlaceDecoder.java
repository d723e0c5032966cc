package dev.formwork.model.yaml;

import dev.formwork.model.module.ClusterSpec.Members;
import dev.formwork.model.module.ClusterSpec.Place;
import dev.formwork.model.module.ClusterSpec.Prefer;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Decodes `place` of a group: places where its machines may be made.
final class PlaceDecoder {
    private static final int MOST_PLACES = 32;
    private static final int MOST_WEIGHT = 1000;

    private final Decoding context;

    PlaceDecoder(Decoding context) {
        this.context = context;
    }

    Members.Placed placed(Fields fields, Marked.Entry group, int mostMachines) {
        if (fields.has("provider") || fields.has("machine") || fields.has("machines")) {
            context.report(
                    group.at(),
                    "cluster.group-source",
                    "a group with places says in each of them who makes its machines, and of what",
                    "move `provider` and `machine` into `place`");
        }
        for (String key : List.of("count", "place")) {
            if (!fields.has(key)) {
                context.report(
                        group.at(),
                        "yaml.missing-key",
                        "the key " + key + " is missing",
                        "write {count: 3, place: [{provider: aws}, {provider: gce}]}");
            }
        }
        List<Place> places =
                fields.map("place", node -> places(node, mostMachines)).orElse(List.of());
        return new Members.Placed(
                fields.map("count", node -> context.integer(node, 0, mostMachines)).orElse(0),
                places,
                fields.find("on_quota")
                        .flatMap(node -> word(node, Map.of("stop", false, "next", true)))
                        .orElse(false),
                fields.find("prefer")
                        .flatMap(node ->
                                word(
                                        node,
                                        Map.of(
                                                word(Prefer.WEIGHTS), Prefer.WEIGHTS,
                                                word(Prefer.CHEAPEST), Prefer.CHEAPEST)))
                        .orElse(Prefer.WEIGHTS));
    }

    private List<Place> places(Marked node, int mostMachines) {
        List<Place> places = context.list(node, item -> place(item, mostMachines));
        if (node instanceof Marked.Items(List<Marked> items, _)) {
            if (items.isEmpty() || items.size() > MOST_PLACES) {
                context.badValue(node, "a group has 1 to " + MOST_PLACES + " places", null);
            }
            for (int i = 0; i < places.size(); i++) {
                Place later = places.get(i);
                if (!later.provider().isEmpty()
                        && places.subList(0, i).stream().anyMatch(it -> isSame(it, later))) {
                    context.badValue(
                            items.get(i),
                            "this place, " + later.provider() + ", stands in the list twice",
                            "places differ in their provider or in what it is asked for");
                }
            }
        }
        return places;
    }

    private static boolean isSame(Place one, Place other) {
        return one.provider().equals(other.provider()) && one.machine().equals(other.machine());
    }

    private Place place(Marked node, int mostMachines) {
        Fields fields = Fields.open(node, Shape.PLACE, context);
        Templates templates = new Templates(context);
        return new Place(
                fields.name("provider", NameRule.LABEL),
                fields.map("machine", each -> templates.struct(each, "`machine`"))
                        .orElse(Value.Struct.EMPTY),
                fields.map("weight", each -> context.integer(each, 1, MOST_WEIGHT)).orElse(1),
                fields.map("most", each -> context.integer(each, 1, mostMachines)),
                fields.map("when", templates::expression),
                fields.at());
    }

    private <T> Optional<T> word(Marked node, Map<String, T> words) {
        return context.word(node, words.keySet(), text -> Optional.ofNullable(words.get(text)));
    }

    private static String word(Prefer prefer) {
        return prefer.name().toLowerCase(Locale.ROOT);
    }
}
