package dev.formwork.agent.journal;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.host.Host;
import dev.formwork.agent.protocol.JobId;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What must not be forgotten of the jobs of one machine: one entry for each, replaced as a whole.
/// Thread-safe for different jobs.
public interface Journal {
    /// Opens the journal in a folder of this machine, which is made where it is missing.
    static Journal open(Path folder) throws IOException {
        DurableFile.createPrivateFolder(folder);
        return new FolderJournal(folder);
    }

    /// Opens the journal in a folder of a host, which is made where it is missing.
    ///
    /// @param folder its path there
    static Journal open(Host host, Path folder) throws IOException {
        host.call("mkdir -p %s || exit 1".formatted(Host.quote(folder.toString())));
        return new HostJournal(host, folder.toString());
    }

    /// Writes what is known of a job. When this returns it outlives a loss of power.
    void write(JournalEntry entry) throws IOException;

    /// Forgets a job.
    void forget(JobId id) throws IOException;

    /// All entries. One that can't be read is put aside and told of, once.
    List<JournalEntry> read() throws IOException;
}
