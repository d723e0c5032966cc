package dev.formwork.agent.job;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.disk.Folders;
import dev.formwork.agent.host.Host;
import dev.formwork.agent.journal.Journal;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A host that is reached by a shell. The agent's folder here is laid out as the machine's folder
/// there, and holds copies: what a job takes is made here and brought there, and what becomes of it
/// is brought back by [HostSession] and [#collect]. The claim and the exit code there are the
/// truth.
final class HostSite implements JobSite {
    /// Each look is an exchange with the host.
    private static final Duration QUIET = Duration.ofSeconds(1);

    /// Ten seconds, and what the looking takes.
    private static final int TRIES = 500;

    private static final int MANY_BYTES = 256 << 10;
    private static final Set<String> NOT_BROUGHT =
            Set.of("claim", "exit", "exit.tmp", "log", "log.spool", "log.mark");

    private final Host host;
    private final Path here;
    private final Path modules;
    private final Path there;
    private final int tries;
    private final Map<Path, HostSession> sessions = new ConcurrentHashMap<>();
    private final Map<Path, ReentrantLock> bringing = new ConcurrentHashMap<>();

    HostSite(Host host, Path here, Path modules, Path there) {
        this(host, here, modules, there, TRIES);
    }

    /// @param tries how often it is looked for the claim of a wrapper, before it counts as dead
    HostSite(Host host, Path here, Path modules, Path there, int tries) {
        this.tries = tries;
        this.modules = modules;
        this.host = host;
        this.here = here;
        this.there = there;
    }

    @Override
    public Path there(Path path) {
        return path.startsWith(modules)
                ? there.resolve("modules").resolve(modules.relativize(path))
                : there.resolve(here.relativize(path));
    }

    @Override
    public Duration quiet() {
        return QUIET;
    }

    @Override
    public void find(JobFolder folder, JobId job) throws IOException {
        if (folder.exists()) {
            session(folder, job).look();
        } else {
            // Where this machine lost it, the host may have it still.
            folder.create();
            session(folder, job).look();
            if (folder.claimed().isEmpty()) {
                folder.deletePhase();
            }
        }
    }

    @Override
    public ProcessStat start(
            JobFolder folder, Job job, Path module, Map<String, String> environment, Signal ended)
            throws IOException, JobFailureException, InterruptedException {
        bring(module);
        try {
            host.call(starting(folder, job, environment));
        } catch (Host.NotStartedException e) {
            throw new JobFailureException(
                    "agent.start-failed", "the job's wrapper did not start: " + e.getMessage());
        }
        session(folder, job.id()).look();
        return folder.claimed()
                .orElseThrow(() -> new IOException("the host lost the claim of a job"));
    }

    /// Brings the files of a phase and starts it, all in one exchange where they are small. Where
    /// the phase has started its files are in use.
    private String starting(JobFolder folder, Job job, Map<String, String> environment)
            throws IOException {
        JobFolder target = folder.on(this);
        String beginning = Journal.beginning(job);
        String held =
                "%s %d %s"
                        .formatted(
                                quoted(Journal.file(there.resolve("journal"), job.id())),
                                beginning.length(),
                                quoted(beginning));
        String making =
                """
                [ -s %s ] || held %s
                umask 022
                mkdir -p %s || exit 1
                umask 077
                mkdir -p %s %s %s || exit 1
                """
                        .formatted(
                                quoted(target.claim()),
                                held,
                                quoted(there.resolve("state")),
                                quoted(target.phase()),
                                quoted(target.work()),
                                quoted(target.outputs()));
        StringBuilder puts = new StringBuilder();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.phase())) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (Files.isRegularFile(file) && !NOT_BROUGHT.contains(name)) {
                    String placed = target.phase().resolve(name).toString();
                    byte[] content = Files.readAllBytes(file);
                    if (content.length > MANY_BYTES) {
                        host.call(making);
                        host.write(placed, content);
                    } else {
                        puts.append(Host.put(placed, content));
                    }
                }
            }
        }
        puts.append(
                Host.put(target.phase().resolve("environment").toString(), exports(environment)));
        puts.append(
                Host.put(
                        target.phase().resolve("wrapper").toString(),
                        LocalSite.WRAPPER.getBytes(StandardCharsets.UTF_8)));
        return "%sif [ ! -s %s ]; then\n%sfi\nstart %s %s %d %s"
                .formatted(
                        making,
                        quoted(target.claim()),
                        puts,
                        quoted(target.phase()),
                        quoted(target.work()),
                        tries,
                        held);
    }

    private static byte[] exports(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(each -> "export %s=%s\n".formatted(each.getKey(), quoted(each.getValue())))
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }

    /// Has the host hold a module as it is here, and nothing else in its place. Jobs that need the
    /// same one wait for each other.
    private void bring(Path module) throws IOException, InterruptedException {
        ReentrantLock lock = bringing.computeIfAbsent(module, _ -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            String target = there(module).toString();
            List<Path> files = files(module);
            if (!host.call("digest " + quoted(target))
                    .equals(List.of(digest(module, files) + "  -"))) {
                bring(module, files, target);
            }
        } finally {
            lock.unlock();
        }
    }

    private void bring(Path module, List<Path> files, String target) throws IOException {
        // Of each try its own: what an earlier agent has sent may come late.
        String beside = target + ".part-" + Host.unique();
        StringBuilder calls = new StringBuilder();
        calls.append("umask 022\nmkdir -p %s || exit 1\n".formatted(quoted(beside)));
        for (Path file : files) {
            Path name = module.relativize(file);
            String placed = beside + "/" + name;
            calls.append("umask 022\nmkdir -p ")
                    .append(quoted(placed.substring(0, placed.lastIndexOf('/'))))
                    .append(" || exit 1\n");
            byte[] content = Files.readAllBytes(file);
            if (content.length > MANY_BYTES) {
                host.call(calls.toString());
                calls.setLength(0);
                host.write(placed, content);
                calls.append("chmod 644 ").append(quoted(placed)).append('\n');
            } else {
                calls.append(Host.put(placed, content));
            }
            if (Files.isExecutable(file)) {
                calls.append("chmod 755 ").append(quoted(placed)).append('\n');
            }
            if (calls.length() > MANY_BYTES) {
                host.call(calls.toString());
                calls.setLength(0);
            }
        }
        calls.append("replace %s %s".formatted(quoted(target), quoted(beside)));
        host.call(calls.toString());
    }

    private static List<Path> files(Path module) throws IOException {
        try (Stream<Path> all = Files.walk(module)) {
            return all.filter(each -> Files.isRegularFile(each)).sorted().toList();
        }
    }

    /// As `digest` in `host.sh` makes it.
    private static String digest(Path module, List<Path> files) throws IOException {
        List<byte[]> lines = new ArrayList<>();
        for (Path file : files) {
            String line =
                    sha256(Files.readAllBytes(file)) + "  ./" + module.relativize(file) + "\n";
            lines.add(line.getBytes(StandardCharsets.UTF_8));
        }
        lines.sort(Arrays::compareUnsigned);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        lines.forEach(all::writeBytes);
        return sha256(all.toByteArray());
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void forbid(JobFolder folder, JobId job) throws IOException {
        host.call("forbid " + quoted(folder.on(this).phase()));
        find(folder, job);
    }

    private HostSession session(JobFolder folder, JobId job) {
        return sessions.computeIfAbsent(
                folder.phase(), _ -> new HostSession(host, folder, folder.on(this).phase(), job));
    }

    @Override
    public JobSession session(JobFolder folder, ProcessStat wrapper, JobId job, boolean sameBoot) {
        HostSession session = session(folder, job);
        return sameBoot ? session : session.ofEarlierBoot();
    }

    @Override
    public void collect(JobFolder folder, Job job) throws IOException {
        HostSession session = session(folder, job.id());
        session.lookToTheEnd();
        JobFolder target = folder.on(this);
        List<String> names = List.copyOf(job.outputs().keySet());
        List<String> lines =
                host.call(
                        "results %s %s %s"
                                .formatted(
                                        quoted(target.phase()),
                                        quoted(target.outputs()),
                                        names.stream()
                                                .map(Host::quote)
                                                .collect(Collectors.joining(" "))));
        Map<String, Path> files = new HashMap<>();
        files.put("request", folder.request());
        Folders.delete(folder.outputs());
        if (lines.contains("no-outputs")) {
            Files.deleteIfExists(folder.outputs());
            Files.createFile(folder.outputs());
        } else {
            DurableFile.createPrivateFolder(folder.outputs());
            names.forEach(name -> files.put("output/" + name, folder.outputs().resolve(name)));
        }
        for (String line : lines) {
            String[] words = line.split(" ", 4);
            Path file = files.get(words[0]);
            if (file != null && words.length > 1) {
                copy(words, file, job.limits().outputBytes());
            }
        }
    }

    /// What it is on the host, so that it is judged here as it would be there: a folder stands for
    /// all that is no plain file, and what is too large keeps its size alone.
    private void copy(String[] words, Path file, long limit) throws IOException {
        Folders.delete(file);
        Files.deleteIfExists(file);
        if (!words[1].equals("plain") || words.length < 3) {
            Files.createDirectory(file);
            return;
        }
        if (words.length == 4) {
            Files.write(file, Host.decoded(words[3]));
            return;
        }
        long size = Long.parseLong(words[2]);
        if (size <= limit) {
            Files.write(file, host.read(there(file).toString(), (int) size));
        } else {
            HostSession.lengthen(file, size);
        }
    }

    @Override
    public void delete(JobFolder folder) throws IOException {
        forget(folder);
        host.call("bury " + quoted(folder.on(this).attempt()));
        folder.delete();
    }

    @Override
    public void deletePhase(JobFolder folder) throws IOException {
        forget(folder);
        host.call("bury " + quoted(folder.on(this).phase()));
        folder.deletePhase();
    }

    private void forget(JobFolder folder) {
        sessions.remove(folder.phase());
    }

    @Override
    public void deleteOthers(Path jobs, Set<String> wanted) throws IOException {
        List<String> words =
                new ArrayList<>(
                        List.of("others", quoted(there(jobs)), quoted(there.resolve("modules"))));
        wanted.forEach(each -> words.add(quoted(each)));
        host.call(String.join(" ", words));
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(jobs)) {
            for (Path folder : folders) {
                if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        && !wanted.contains(String.valueOf(folder.getFileName()))) {
                    Folders.delete(folder);
                }
            }
        }
    }

    private static String quoted(Path path) {
        return Host.quote(path.toString());
    }

    private static String quoted(String word) {
        return Host.quote(word);
    }
}
