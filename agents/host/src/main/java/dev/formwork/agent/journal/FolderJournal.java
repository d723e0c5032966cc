package dev.formwork.agent.journal;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// One file for each job, replaced as a whole. Holds the inputs of jobs that are held, secret ones
/// too, in a folder that only the agent's user enters. Thread-safe for different jobs.
final class FolderJournal implements Journal {
    private static final System.Logger LOG = System.getLogger(FolderJournal.class.getName());
    private static final String SUFFIX = ".json";

    private final Path folder;

    FolderJournal(Path folder) {
        this.folder = folder;
    }

    @Override
    public void write(JournalEntry entry) throws IOException {
        DurableFile.replace(file(entry.id()), ProtocolJson.writeAs(entry, JournalEntry.class));
    }

    @Override
    public void forget(JobId id) throws IOException {
        Files.deleteIfExists(file(id));
    }

    @Override
    public List<JournalEntry> read() throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                try {
                    entries.add(ProtocolJson.read(Files.readAllBytes(file), JournalEntry.class));
                } catch (ProtocolException e) {
                    Path aside = file.resolveSibling(file.getFileName() + ".unreadable");
                    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
                    LOG.log(
                            Level.ERROR,
                            "the journal has a file that can''t be read, now {0}: {1}",
                            aside,
                            e.getMessage());
                }
            }
        }
        return entries;
    }

    private Path file(JobId id) {
        return folder.resolve(id.value() + SUFFIX);
    }
}
