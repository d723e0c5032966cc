package dev.formwork.agent.job;

import static dev.formwork.agent.host.Host.quote;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.host.Host;
import dev.formwork.agent.protocol.JobId;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The processes of one job on a host, as the last look found them; a look also brings what its log
/// has more of, its claim and its exit code. For one thread.
final class HostSession implements JobSession {
    private final Host host;
    private final JobFolder folder;
    private final Path phase;
    private final JobId job;
    private boolean earlierBoot;

    /// The host's log up to here is accounted for in the copy; negative while that is not known.
    private long offset = -1;

    private boolean alive;
    private boolean wanted;
    private long left;
    private List<Member> members = List.of();

    /// @param mark whether its environment names the job: `yes`, `no`, `none` without one
    private record Member(ProcessStat process, String mark) {}

    /// @param folder of the phase here
    /// @param phase the same there
    HostSession(Host host, JobFolder folder, Path phase, JobId job) {
        this.host = host;
        this.folder = folder;
        this.phase = phase;
        this.job = job;
    }

    HostSession ofEarlierBoot() {
        earlierBoot = true;
        wanted = true;
        return this;
    }

    @Override
    public void look() throws IOException {
        boolean cut = Files.exists(folder.logMark());
        if (offset < 0) {
            offset = cut || !Files.exists(folder.log()) ? 0 : Files.size(folder.log());
        }
        List<String> lines =
                host.call(
                        "look %s %s %d %s %s"
                                .formatted(
                                        quote(phase.toString()),
                                        quote(job.value()),
                                        offset,
                                        cut ? "yes" : "no",
                                        wanted ? "yes" : "no"));
        alive = false;
        List<Member> found = new ArrayList<>();
        for (String line : lines) {
            int space = line.indexOf(' ');
            String word = space < 0 ? line : line.substring(0, space);
            String rest = space < 0 ? "" : line.substring(space + 1);
            switch (word) {
                case "claim" -> claim(rest);
                case "age" -> age(rest);
                case "alive" -> alive = true;
                case "exit" -> exit(rest);
                case "member" -> member(rest).ifPresent(found::add);
                case "size" -> size(Long.parseLong(rest), cut);
                case "log" -> append(Host.decoded(rest));
                default -> throw new IOException("the host says what is no answer");
            }
        }
        members = List.copyOf(found);
    }

    /// Looks until all of the log is here.
    void lookToTheEnd() throws IOException {
        do {
            look();
        } while (left > 0 && !Files.exists(folder.logMark()));
    }

    private void claim(String line) throws IOException {
        if (folder.claimed().isEmpty()) {
            DurableFile.replace(
                    folder.claim(), (line + "\n").getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /// The clock of the host may be another; how long ago it was started is the same.
    private void age(String seconds) throws IOException {
        if (seconds.matches("[0-9]{1,9}") && Files.exists(folder.claim())) {
            Instant started = Instant.now().minusSeconds(Long.parseLong(seconds));
            if (Files.getLastModifiedTime(folder.claim()).toInstant().isAfter(started)) {
                Files.setLastModifiedTime(folder.claim(), FileTime.from(started));
            }
        }
    }

    private void exit(String text) throws IOException {
        if (JobExit.read(folder.exit()).isEmpty()) {
            DurableFile.replace(folder.exit(), (text + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static Optional<Member> member(String line) {
        int space = line.indexOf(' ');
        return space < 0
                ? Optional.empty()
                : ProcessStat.parse(line.substring(space + 1))
                        .map(process -> new Member(process, line.substring(0, space)));
    }

    private void size(long size, boolean cut) throws IOException {
        left = Math.max(0, size - offset);
        if (cut) {
            // Its bytes are only counted; the host has emptied it where there were many.
            lengthen(
                    folder.log(),
                    (Files.exists(folder.log()) ? Files.size(folder.log()) : 0) + left);
            offset = size > EMPTIED_BEYOND ? 0 : size;
            left = 0;
        }
    }

    /// As in `host.sh`.
    private static final long EMPTIED_BEYOND = 65_536;

    private void append(byte[] bytes) throws IOException {
        try (FileChannel log =
                FileChannel.open(
                        folder.log(),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                log.write(buffer);
            }
        }
        offset += bytes.length;
        left -= bytes.length;
    }

    /// Makes a file as long as that, without taking room for it.
    static void lengthen(Path file, long size) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (size > channel.size()) {
                channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
            }
        }
    }

    @Override
    public boolean isLeaderAlive() {
        return alive;
    }

    @Override
    public List<ProcessStat> members() throws IOException {
        Optional<ProcessStat> leader = folder.claimed();
        boolean certain = !earlierBoot && alive;
        return members.stream()
                .filter(each ->
                        leader.isPresent()
                                && each.process().startTicks() >= leader.get().startTicks())
                .filter(each -> certain || isMarked(each.mark()))
                .map(Member::process)
                .toList();
    }

    private boolean isMarked(String mark) {
        return mark.equals("yes") || (mark.equals("none") && !earlierBoot);
    }

    @Override
    public void signal(boolean kill) throws IOException {
        if (!wanted) {
            // From now on they are looked for while the script goes on, too.
            wanted = true;
            look();
        }
        List<ProcessStat> all = members();
        if (!all.isEmpty()) {
            host.call(
                    "signal %s %s"
                            .formatted(
                                    kill ? "KILL" : "TERM",
                                    all.stream()
                                            .map(each -> each.pid() + ":" + each.startTicks())
                                            .collect(Collectors.joining(" "))));
        }
    }
}
