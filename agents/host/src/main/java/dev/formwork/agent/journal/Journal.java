package dev.formwork.agent.journal;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.host.Host;
import dev.formwork.agent.journal.JournalEntry.Held;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.ProtocolJson;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        String quoted = Host.quote(folder.toString());
        host.call("mkdir -p %1$s || exit 1\nrm -f %1$s/*.part-*".formatted(quoted));
        return new HostJournal(host, folder.toString());
    }

    /// How the entry of a phase begins in a folder's file while it is held: what else is in it
    /// comes behind. ASCII.
    static String beginning(Job job) {
        byte[] entry = ProtocolJson.writeAs(new Held(job, "", null, null), JournalEntry.class);
        String text = new String(entry, StandardCharsets.UTF_8);
        String phase = "\"phase\":%d,".formatted(job.phase());
        return text.substring(0, text.indexOf(phase) + phase.length());
    }

    /// The file of a job in a folder.
    static Path file(Path folder, JobId id) {
        return folder.resolve(id.value() + ".json");
    }

    /// Writes what is known of a job. When this returns it outlives a loss of power.
    void write(JournalEntry entry) throws IOException;

    /// Forgets a job.
    void forget(JobId id) throws IOException;

    /// All entries. One that can't be read is put aside and told of, once.
    List<JournalEntry> read() throws IOException;
}
