package dev.formwork.agent.container;

import dev.formwork.agent.runner.RunnerException;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a registry has an image.
///
/// @param registry begins all its addresses
/// @param repository such as `library/alpine`
/// @param tag null where only the digest counts
/// @param digest `sha256:...`, null where the tag alone has to do
record ImageReference(
        URI registry, String repository, @Nullable String tag, @Nullable String digest) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(http://)?([a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?)/([a-z0-9._/-]+)"
                            + "(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?");

    /// @param text as a module has it: `[http://]registry/repository[:tag][@sha256:...]`
    /// @throws RunnerException `agent.image-invalid`, `agent.image-not-pinned`
    static ImageReference parse(String text, boolean allowTags) throws RunnerException {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches() || parts.group(3).contains("..")) {
            throw new RunnerException("agent.image-invalid", "this is no image: " + text);
        }
        if (parts.group(5) == null && !allowTags) {
            throw new RunnerException(
                    "agent.image-not-pinned",
                    "the image " + text + " is not named by its digest; add @sha256:...");
        }
        String host = parts.group(2).equals("docker.io") ? "registry-1.docker.io" : parts.group(2);
        String tag = parts.group(4);
        return new ImageReference(
                URI.create((parts.group(1) == null ? "https://" : "http://") + host),
                parts.group(3),
                tag == null && parts.group(5) == null ? "latest" : tag,
                parts.group(5));
    }

    /// What to ask the registry for.
    String wanted() {
        return digest != null ? digest : String.valueOf(tag);
    }
}
