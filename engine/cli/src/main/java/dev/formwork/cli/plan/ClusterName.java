package dev.formwork.cli.plan;

import dev.formwork.model.yaml.ClusterLoader;

/// The name in a cluster's file.
public final class ClusterName {
    private ClusterName() {}

    /// @throws dev.formwork.model.ProblemException with everything that is wrong with the file
    public static String of(ClusterFile file) {
        return ClusterLoader.load(file.name(), file.text()).name();
    }
}
