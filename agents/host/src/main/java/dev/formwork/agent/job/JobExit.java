package dev.formwork.agent.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// How a script ended, as the wrapper wrote it down.
///
/// @param check whether it was the check
record JobExit(boolean check, int code) {
    static Optional<JobExit> read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    static Optional<JobExit> parse(String text) {
        String[] words = text.strip().split(" +", -1);
        if (words.length != 2 || !(words[0].equals("check") || words[0].equals("run"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new JobExit(words[0].equals("check"), Integer.parseInt(words[1])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
