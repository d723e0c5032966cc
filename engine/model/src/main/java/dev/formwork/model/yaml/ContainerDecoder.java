package dev.formwork.model.yaml;

import dev.formwork.model.module.Container;
import dev.formwork.model.module.Container.Mount;
import dev.formwork.model.module.Container.Network;

import java.util.List;
import java.util.Optional;

/// Decodes `container` of a task.
final class ContainerDecoder {
    private final Decoding context;

    ContainerDecoder(Decoding context) {
        this.context = context;
    }

    /// What a task has, and has to have because of its runner.
    Optional<Container> of(Fields task, String runner, Marked document) {
        Optional<Marked> node =
                task.ofRunner(
                        Container.RUNNER, runner, "module.container-unused", "uses no container");
        if (runner.equals(Container.RUNNER) && node.isEmpty()) {
            context.report(
                    task.find("runner").orElse(document).at(),
                    "module.container-missing",
                    "runner: container runs in a `container`, and there is none",
                    "add container: {image: ...}");
        }
        return node.map(this::container);
    }

    private Container container(Marked node) {
        Fields fields = Fields.open(node, Shape.CONTAINER, context);
        if (fields.has("image") == fields.has("archive")) {
            context.badValue(node, "a container is made of either `image` or `archive`", null);
        }
        Container container =
                new Container(
                        fields.map("image", this::image),
                        fields.map("archive", new DownloadDecoder(context)::download),
                        fields.map("allow_tags", context::flag).orElse(false),
                        fields.map("command", this::command).orElse(List.of()),
                        fields.map("network", this::network)
                                .flatMap(word -> word)
                                .orElse(Network.HOST),
                        fields.map("mounts", this::mounts).orElse(List.of()));
        fields.find("image").ifPresent(image -> checkPinned(container, image));
        return container;
    }

    private void checkPinned(Container container, Marked image) {
        if (!container.isPinned() && !container.allowTags()) {
            context.report(
                    image.at(),
                    "module.image-not-pinned",
                    "the image is not named by its digest, so what runs can change",
                    "add @sha256:..., or say allow_tags: true");
        }
    }

    private String image(Marked node) {
        return context.matching(
                node,
                Container.IMAGE,
                "is no image",
                "name its registry too, such as docker.io/library/alpine@sha256:...");
    }

    private Optional<Network> network(Marked node) {
        return context.word(node, Network.words(), Network::ofWord);
    }

    private List<String> command(Marked node) {
        List<String> words = context.list(node, context::text);
        if (words.stream().anyMatch(word -> word.isEmpty() || word.indexOf(0) >= 0)) {
            context.badValue(node, "a word of the command is empty, or none", null);
        }
        return words;
    }

    private List<Mount> mounts(Marked node) {
        return context.list(node, this::mount);
    }

    private Mount mount(Marked node) {
        Fields fields = Fields.open(node, Shape.MOUNT, context);
        String path = fields.map("path", this::path).orElse("");
        return new Mount(
                path,
                fields.map("at", this::path).orElse(path),
                fields.map("read_only", context::flag).orElse(false));
    }

    private String path(Marked node) {
        return context.matching(
                node, Container.PATH, "is no whole path", "begin with /, and leave out . and ..");
    }
}
