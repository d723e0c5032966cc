package dev.formwork.cli.find;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.Run;
import dev.formwork.cli.client.RunNode;
import dev.formwork.cli.terminal.NameRanges;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;

import java.util.List;
import java.util.Optional;

/// Finds the run and the node that a person means.
public final class Finder {
    private static final String LATEST = "latest";

    private final EngineClient client;

    public Finder(EngineClient client) {
        this.client = client;
    }

    /// @param text a run's id, `latest`, or a cluster's name for its latest run
    /// @throws ProblemException `run.unknown`, `cli.no-runs`
    public Run run(String text) {
        if (text.equals(LATEST)) {
            return latest(Optional.empty());
        }
        try {
            return client.run(text);
        } catch (ProblemException e) {
            if (!e.code().equals("run.unknown") || !Names.LABEL.matcher(text).matches()) {
                throw e;
            }
            List<Run> ofCluster = client.runs(client.runList(Optional.of(text), 1));
            if (ofCluster.isEmpty()) {
                throw e;
            }
            return ofCluster.getFirst();
        }
    }

    /// @param text a node's key, or what it begins with where only one does: a step's name
    /// @throws ProblemException `cli.which-node`, `node.unknown`
    public String node(String run, String text) {
        List<String> found = nodes(run, text);
        if (found.size() > 1) {
            throw ProblemException.of(
                    "cli.which-node",
                    "%s is several nodes".formatted(text),
                    "one of " + NameRanges.of(found));
        }
        return found.getFirst();
    }

    /// All nodes of a step, or the one that a key names; at least one.
    ///
    /// @throws ProblemException `node.unknown`
    public List<String> nodes(String run, String text) {
        List<String> keys = client.nodes(run).stream().map(RunNode::key).toList();
        if (keys.contains(text)) {
            return List.of(text);
        }
        List<String> found =
                keys.stream()
                        .filter(key -> key.startsWith(text + "@") || key.startsWith(text + "["))
                        .toList();
        if (found.isEmpty()) {
            throw ProblemException.of(
                    "node.unknown",
                    "run %s has no node %s".formatted(run, Names.abbreviate(text)),
                    Names.nearest(text, keys)
                            .map("did you mean %s?"::formatted)
                            .orElse("`formwork status %s -v` lists them".formatted(run)));
        }
        return found;
    }

    private Run latest(Optional<String> cluster) {
        List<Run> runs = client.runs(client.runList(cluster, 1));
        if (runs.isEmpty()) {
            throw ProblemException.of(
                    "cli.no-runs", "there has been no run yet", "start one with `formwork apply`");
        }
        return runs.getFirst();
    }
}
