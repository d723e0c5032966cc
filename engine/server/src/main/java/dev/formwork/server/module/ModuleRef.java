package dev.formwork.server.module;

import dev.formwork.model.module.BootEnvironment;
import dev.formwork.model.module.Interface;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Module;
import dev.formwork.model.module.Task;
import dev.formwork.model.module.Workflow;

/// `ModuleRef` of the API.
public record ModuleRef(String name, String version, String kind, String summary, String digest) {
    public static ModuleRef of(LoadedModule loaded) {
        Module module = loaded.module();
        return new ModuleRef(
                module.name(),
                module.header().version(),
                kind(module),
                module.header().summary(),
                loaded.files().digest());
    }

    static String kind(Module module) {
        return switch (module) {
            case Task _ -> "task";
            case Workflow _ -> "workflow";
            case Interface _ -> "interface";
            case BootEnvironment _ -> "boot-environment";
        };
    }
}
