package dev.formwork.agent.terraform;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// What [TerraformMain] is to do, as the runner writes it down for it.
///
/// @param part `check`, `run` or `undo`
/// @param module the module's folder
/// @param folder that of the configuration, below `module`
/// @param binary the program
/// @param workspace null for the usual one
/// @param home a folder of this machine for what has to stay of this configuration
/// @param backend whether the configuration says where its state is; else that is `home`
/// @param plugins a folder of this machine for providers that were downloaded
/// @param targets addresses; empty for all
/// @param types of the outputs that the module declares, by name; empty where the schema says none
/// @param secretOutputs those of them that may be sensitive
record Order(
        String part,
        String module,
        String folder,
        String binary,
        @Nullable String workspace,
        String home,
        boolean backend,
        String plugins,
        List<String> targets,
        Map<String, String> types,
        List<String> secretOutputs) {
    static final String CHECK = "check";
    static final String RUN = "run";
    static final String UNDO = "undo";

    boolean isCheck() {
        return part.equals(CHECK);
    }

    boolean isUndo() {
        return part.equals(UNDO);
    }
}
