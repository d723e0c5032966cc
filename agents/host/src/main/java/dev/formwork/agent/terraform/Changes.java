package dev.formwork.agent.terraform;

import tools.jackson.databind.JsonNode;

import java.util.HashSet;
import java.util.Set;

/// What a plan would change, by its JSON of version 1
/// (https://developer.hashicorp.com/terraform/internals/json-format).
///
/// @param create how many resources it creates; and so on, each counted once
/// @param outputs whether it changes outputs
record Changes(int create, int update, int delete, int replace, boolean outputs) {
    static final Changes NONE = new Changes(0, 0, 0, 0, false);

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
        for (JsonNode resource : plan.path("resource_changes")) {
            Set<String> actions = actions(resource.path("change"));
            if (actions.contains("create") && actions.contains("delete")) {
                replace++;
            } else if (actions.contains("create")) {
                create++;
            } else if (actions.contains("update")) {
                update++;
            } else if (actions.contains("delete")) {
                delete++;
            }
        }
        boolean outputs = false;
        for (JsonNode output : plan.path("output_changes")) {
            outputs |= !actions(output).equals(Set.of("no-op"));
        }
        return new Changes(create, update, delete, replace, outputs);
    }

    private static Set<String> actions(JsonNode change) {
        Set<String> actions = new HashSet<>();
        change.path("actions").forEach(action -> actions.add(action.asString("")));
        return actions;
    }

    /// How many resources it touches.
    int all() {
        return create + update + delete + replace;
    }

    /// As Terraform says it: what is replaced is added and destroyed.
    String sentence() {
        String resources =
                (create + replace)
                        + " to add, "
                        + update
                        + " to change, "
                        + (delete + replace)
                        + " to destroy";
        return all() == 0 && outputs ? resources + ", and outputs change" : resources;
    }
}
