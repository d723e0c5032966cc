package dev.formwork.agent.job;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.runner.Launch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Why a script ended badly, where what executed it has said so, without the job's secrets.
///
/// @param code of docs/errors.md
/// @param unknown whether nobody can know if it took effect
record Reason(String code, String detail, boolean unknown) {
    private static final int LONGEST = 2048;
    private static final Pattern CODE = Pattern.compile("([a-z]{1,20}\\.[a-z-]{1,40})( unknown)?");

    /// Reads [Launch#reason()]; empty where there is none, or none that can be used.
    ///
    /// @param part `check` or `run`
    static Optional<Reason> read(JobFolder folder, String part, Job job) throws IOException {
        Path file = folder.scratch(part).resolve(Launch.REASON);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(LONGEST);
        }
        SecretMasker masker = SecretValues.masker(job);
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        shown.writeBytes(masker.mask(bytes, bytes.length));
        shown.writeBytes(masker.finish());
        String[] parts = shown.toString(StandardCharsets.UTF_8).split("\n", 2);
        Matcher code = CODE.matcher(parts[0]);
        return parts.length == 2 && code.matches()
                ? Optional.of(new Reason(code.group(1), parts[1].strip(), code.group(2) != null))
                : Optional.empty();
    }
}
