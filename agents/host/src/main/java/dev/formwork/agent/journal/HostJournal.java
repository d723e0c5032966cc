package dev.formwork.agent.journal;

import static dev.formwork.agent.host.Host.quote;

import dev.formwork.agent.host.Host;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A journal on the host that its jobs run on: whoever works there reads the same.
final class HostJournal implements Journal {
    private static final System.Logger LOG = System.getLogger(HostJournal.class.getName());

    private final Host host;
    private final String folder;

    /// @param folder its path there, which exists
    HostJournal(Host host, String folder) {
        this.host = host;
        this.folder = folder;
    }

    @Override
    public void write(JournalEntry entry) throws IOException {
        host.write(file(entry.id()), ProtocolJson.writeAs(entry, JournalEntry.class));
    }

    @Override
    public void forget(JobId id) throws IOException {
        host.call("rm -f " + quote(file(id)));
    }

    @Override
    public List<JournalEntry> read() throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        int skip = 0;
        List<String> lines;
        do {
            lines = host.call("entries %s %d".formatted(quote(folder), skip));
            for (String line : lines) {
                String[] words = line.split(" ", 3);
                if (words.length != 3 || !words[0].equals("entry")) {
                    throw new IOException("the host says what is no entry of a journal");
                }
                String file = folder + "/" + words[1];
                byte[] content =
                        words[2].isEmpty() ? host.read(file, LARGEST) : Host.decoded(words[2]);
                try {
                    entries.add(ProtocolJson.read(content, JournalEntry.class));
                    skip++;
                } catch (ProtocolException e) {
                    putAside(file, e);
                }
            }
        } while (!lines.isEmpty());
        return entries;
    }

    private void putAside(String file, ProtocolException why) throws IOException {
        host.call(
                "[ ! -e %1$s ] || mv %1$s %2$s"
                        .formatted(quote(file), quote(file + ".unreadable")));
        LOG.log(
                Level.ERROR,
                "the host''s journal has a file that can''t be read, now {0}: {1}",
                file + ".unreadable",
                why.getMessage());
    }

    /// Of one entry, which holds the inputs of its job.
    private static final int LARGEST = 64 << 20;

    private String file(JobId id) {
        return Journal.file(Path.of(folder), id).toString();
    }
}
