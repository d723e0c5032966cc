package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.module.OnFailure;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decodes `on_failure` of a step or of a workflow.
final class OnFailureDecoder {
    private static final List<String> WORDS = List.of("stop", "continue", "undo");

    private final Decoding context;
    private final Set<String> steps;

    /// @param steps names of the workflow's steps
    OnFailureDecoder(Decoding context, Set<String> steps) {
        this.context = context;
        this.steps = steps;
    }

    OnFailure onFailure(Marked node) {
        if (node instanceof Marked.Mapping) {
            return new OnFailure.Run(
                    Fields.open(node, Shape.ON_FAILURE, context).map("run", this::step).orElse(""));
        }
        return context.word(node, WORDS, OnFailureDecoder::word).orElse(new OnFailure.Stop());
    }

    private static Optional<OnFailure> word(String word) {
        return switch (word) {
            case "stop" -> Optional.of(new OnFailure.Stop());
            case "continue" -> Optional.of(new OnFailure.Continue());
            case "undo" -> Optional.of(new OnFailure.Undo());
            default -> Optional.empty();
        };
    }

    private String step(Marked node) {
        String name = context.text(node);
        if (!steps.contains(name) && node.kind().equals("a text")) {
            String detail = "the workflow has no step '" + Names.abbreviate(name) + "'";
            context.report(
                    node.at(), "workflow.unknown-step", detail, context.didYouMean(name, steps));
        }
        return name;
    }
}
