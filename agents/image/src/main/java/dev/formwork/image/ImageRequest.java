package dev.formwork.image;

import java.nio.file.Path;
import java.util.List;

/// What image is wanted.
///
/// @param drivers sets of drivers, as `drivers.yaml` names them
/// @param options what else is in it, as `recipe.yaml` names it
/// @param agentJars the agent's class path
/// @param jdk the JDK that the agent's runtime is made of
/// @param packages where fetched packages are kept, for later builds too
/// @param out where the image goes; what is there is replaced
public record ImageRequest(
        List<String> drivers,
        List<String> options,
        List<Path> agentJars,
        Path jdk,
        Path packages,
        Path out) {
    public ImageRequest {
        drivers = drivers.stream().sorted().distinct().toList();
        options = options.stream().sorted().distinct().toList();
        agentJars = List.copyOf(agentJars);
    }
}
