package dev.formwork.workflow.result;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a step's result depends on, part by part, so that a plan can name what changed and can tell
/// "will run" from "may run" while some inputs are not yet known.
///
/// @param code of the executed files, the input and output schema and the runner's version
/// @param inputs a digest for each input but those with `on_change: ignore`; those that hold
///   secrets by a keyed MAC
public record Fingerprint(String code, SortedMap<String, String> inputs) {
    public Fingerprint {
        inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    }
}
