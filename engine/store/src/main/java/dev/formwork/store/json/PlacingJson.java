package dev.formwork.store.json;

import dev.formwork.workflow.placement.Choice;
import dev.formwork.workflow.placement.Cost;
import dev.formwork.workflow.placement.Making;
import dev.formwork.workflow.placement.Placing;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Where a plan has machines made, and what they cost. Prices are texts, and so exact.
final class PlacingJson {
    private PlacingJson() {}

    /// @param place of the plan: what is secret opens under no other
    static ObjectNode write(Placing placing, SealedValues values, String place) {
        ObjectNode json = StoreJson.object();
        ArrayNode machines = json.putArray("machines");
        placing.choices()
                .forEach((name, choices) -> {
                    ArrayNode places = machines.addObject().put("name", name).putArray("places");
                    for (Choice choice : choices) {
                        ObjectNode each =
                                places.addObject()
                                        .put("place", choice.place())
                                        .put("provider", choice.provider());
                        choice.perHour()
                                .ifPresent(price -> each.put("per_hour", price.toPlainString()));
                    }
                });
        ArrayNode pooled = json.putArray("from_pools");
        placing.fromPools()
                .forEach((name, making) -> {
                    ObjectNode each = pooled.addObject().put("name", name);
                    making.ifPresent(it -> {
                        each.put("provider", it.provider());
                        each.set("machine", values.write(it.machine(), asked(place, name)));
                        it.perHour()
                                .ifPresent(price -> each.put("per_hour", price.toPlainString()));
                    });
                });
        placing.cost()
                .ifPresent(cost -> {
                    ObjectNode sums = json.putObject("cost").put("currency", cost.currency());
                    sums.set("was", write(cost.was()));
                    sums.set("then", write(cost.then()));
                    sums.set("most", write(cost.most()));
                });
        return json;
    }

    private static ObjectNode write(Cost.Sum sum) {
        return StoreJson.object()
                .put("per_hour", sum.perHour().toPlainString())
                .put("machines", sum.machines())
                .put("unpriced", sum.unpriced());
    }

    private static String asked(String place, String machine) {
        return place + "/from-pools/" + machine;
    }

    static Placing read(Fields json, SealedValues values, String place) {
        TreeMap<String, List<Choice>> choices = new TreeMap<>();
        json.objects("machines")
                .forEach(machine ->
                        choices.put(
                                machine.text("name"),
                                machine.objects("places").map(PlacingJson::choice).toList()));
        TreeMap<String, Optional<Making>> fromPools = new TreeMap<>();
        if (json.has("from_pools")) {
            json.objects("from_pools")
                    .forEach(each -> {
                        String name = each.text("name");
                        fromPools.put(name, making(each, values, asked(place, name)));
                    });
        }
        return new Placing(choices, fromPools, json.maybeObject("cost").map(PlacingJson::cost));
    }

    private static Optional<Making> making(Fields json, SealedValues values, String place) {
        return json.maybeText("provider")
                .map(provider ->
                        new Making(
                                provider,
                                values.readStruct(json.required("machine"), place),
                                json.maybeText("per_hour").map(BigDecimal::new)));
    }

    private static Choice choice(Fields json) {
        return new Choice(
                json.number("place"),
                json.text("provider"),
                json.maybeText("per_hour").map(BigDecimal::new));
    }

    private static Cost cost(Fields json) {
        return new Cost(
                json.text("currency"),
                sum(json.object("was")),
                sum(json.object("then")),
                sum(json.object("most")));
    }

    private static Cost.Sum sum(Fields json) {
        return new Cost.Sum(
                new BigDecimal(json.text("per_hour")),
                json.number("machines"),
                json.number("unpriced"));
    }
}
