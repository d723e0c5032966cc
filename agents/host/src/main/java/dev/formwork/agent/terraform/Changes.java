package dev.formwork.agent.terraform;

import tools.jackson.databind.JsonNode;

import java.util.HashSet;
import java.util.Set;

/// What a plan would change, by its JSON of version 1
/// (https://developer.hashicorp.com/terraform/internals/json-format; what it says of
/// `output_changes` is another layer than there really is). Actions that are not known count as
/// nothing.
///
/// @param create how many resources it creates; and so on, each counted once
/// @param imported how many it takes into the state, whatever else it does with them
/// @param forget how many it only takes out of the state
/// @param moved how many get another address, whatever else it does with them
/// @param outputs whether it changes outputs
record Changes(
        int create,
        int update,
        int delete,
        int replace,
        int imported,
        int forget,
        int moved,
        boolean outputs) {
    static final Changes NONE = new Changes(0, 0, 0, 0, 0, 0, 0, false);

    /// @throws TerraformException `terraform.bad-answer` where the format is another
    static Changes of(JsonNode plan) throws TerraformException {
        String version = plan.path("format_version").asString("");
        if (!version.startsWith("1.")) {
            throw new TerraformException(
                    "terraform.bad-answer",
                    "its plan is of the format " + version + ", and only 1 is known");
        }
        int create = 0;
        int update = 0;
        int delete = 0;
        int replace = 0;
        int imported = 0;
        int forget = 0;
        int moved = 0;
        for (JsonNode resource : plan.path("resource_changes")) {
            JsonNode change = resource.path("change");
            Set<String> actions = actions(change);
            if (actions.contains("create") && actions.contains("delete")) {
                replace++;
            } else if (actions.contains("create")) {
                create++;
            } else if (actions.contains("update")) {
                update++;
            } else if (actions.contains("delete")) {
                delete++;
            }
            forget += actions.contains("forget") ? 1 : 0;
            imported += change.path("importing").isObject() ? 1 : 0;
            moved += resource.has("previous_address") ? 1 : 0;
        }
        boolean outputs = false;
        for (JsonNode output : plan.path("output_changes")) {
            outputs |= !actions(output).equals(Set.of("no-op"));
        }
        return new Changes(create, update, delete, replace, imported, forget, moved, outputs);
    }

    private static Set<String> actions(JsonNode change) {
        Set<String> actions = new HashSet<>();
        change.path("actions").forEach(action -> actions.add(action.asString("")));
        return actions;
    }

    /// How many resources it touches: not only what is noted of them.
    int all() {
        return create + update + delete + replace;
    }

    /// As Terraform says it: what is replaced is added and destroyed. Where it touches no resource,
    /// what else it would do.
    String sentence() {
        String resources =
                (imported == 0 ? "" : imported + " to import, ")
                        + (create + replace)
                        + " to add, "
                        + update
                        + " to change, "
                        + (delete + replace)
                        + " to destroy"
                        + (forget == 0 ? "" : ", " + forget + " to forget");
        if (all() + imported + forget > 0) {
            return resources;
        }
        return resources
                + (moved == 0 ? "" : ", " + moved + " to move")
                + (outputs ? ", and outputs change" : "");
    }
}
