package dev.formwork.provider.ssh.connection;

import com.jcraft.jsch.Channel;
import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// One use of a connection: a script that is run, or files that are put. Runs on a thread of its
/// own; anybody may end it.
final class Exchange {
    private static final String BEGIN = "formwork-begin";
    private static final String END = "formwork-end ";
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_ERRORS = 4096;
    private static final int MOST_REFUSALS = 6;
    private static final long PAUSE_NANOS = 10_000_000;
    private static final int PROGRAM = 0755;
    private static final int FILE = 0644;

    private final Connection connection;
    private @Nullable Channel channel;
    private boolean isEnded;

    Exchange(Connection connection) {
        this.connection = connection;
    }

    /// From now on it uses nothing more.
    ///
    /// @return the channel that it uses, to be closed; null where it waits for one
    synchronized @Nullable Channel end() {
        isEnded = true;
        return channel;
    }

    synchronized boolean isEnded() {
        return isEnded;
    }

    private synchronized void use(Channel opened) throws IOException {
        if (isEnded) {
            throw new InterruptedIOException("ended");
        }
        channel = opened;
    }

    /// A channel, open; or why not.
    @FunctionalInterface
    private interface Opening<C> {
        C on(Session session) throws JSchException, IOException;
    }

    /// The script goes over stdin, so that nothing of it is ever on a command line, into a shell
    /// that is the same whatever the user's own is. It is run when all of it has arrived.
    Answer run(String script) throws JSchException, IOException, HostFailure, InterruptedException {
        connection.channels().acquire();
        try {
            Running running = open(Running::on);
            try {
                running.in.write(framed(script));
                running.in.close();
                return answer(running);
            } finally {
                running.channel.disconnect();
            }
        } finally {
            connection.channels().release();
        }
    }

    private static byte[] framed(String script) {
        String framed =
                """
                formwork_main() {
                %s
                }
                echo %s
                (formwork_main) </dev/null
                echo "%s$?"
                exit 0
                """
                        .formatted(script, BEGIN, END);
        return framed.getBytes(StandardCharsets.UTF_8);
    }

    private record Running(ChannelExec channel, OutputStream in, InputStream out, Bounded errors) {
        static Running on(Session session) throws JSchException, IOException {
            ChannelExec channel = (ChannelExec) session.openChannel("exec");
            channel.setCommand("exec /bin/sh -s");
            channel.setInputStream(null);
            Bounded errors = new Bounded();
            channel.setErrStream(errors);
            return new Running(
                    channel, channel.getOutputStream(), channel.getInputStream(), errors);
        }
    }

    /// What more is said is dropped.
    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int b) {
            if (kept.size() < MOST_ERRORS) {
                kept.write(b);
            }
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8).strip();
        }
    }

    /// More is said than any answer is long.
    static final class TooMuchException extends IOException {
        private static final long serialVersionUID = 1L;

        TooMuchException() {
            super("it says too much");
        }
    }

    /// Fails where more is said than any answer is long, whether or not a line ends.
    private static final class Measured extends FilterInputStream {
        private int left = MOST_BYTES;

        Measured(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return counted(super.read(), 1);
        }

        @Override
        public int read(byte[] bytes, int from, int most) throws IOException {
            int read = super.read(bytes, from, most);
            return counted(read, read);
        }

        private int counted(int read, int bytes) throws IOException {
            left -= Math.max(0, bytes);
            if (left < 0) {
                throw new TooMuchException();
            }
            return read;
        }
    }

    /// A session that was kept may have died unseen: then, once, with a new one. A host that allows
    /// no more channels is asked again when one that is closed has gone there too, and then when
    /// others are closed.
    private <C> C open(Opening<C> opening)
            throws JSchException, IOException, HostFailure, InterruptedException {
        boolean isAnew = false;
        int refusals = 0;
        while (true) {
            Session session = connection.session();
            try {
                return connected(opening, session);
            } catch (JSchException failed) {
                if (Thread.currentThread().isInterrupted() || isEnded()) {
                    throw failed;
                }
                boolean isRefused = session.isConnected() && isRefused();
                if (isRefused && refusals < MOST_REFUSALS) {
                    LockSupport.parkNanos(PAUSE_NANOS << refusals);
                    refusals++;
                    continue;
                }
                refusals = 0;
                if (isRefused && connection.channels().giveWay()) {
                    continue;
                }
                if (isAnew) {
                    throw failed;
                }
                isAnew = true;
                connection.drop(session);
            }
        }
    }

    /// Where the host did not open the channel its reason is kept as the exit status (RFC 4254,
    /// 5.1).
    private synchronized boolean isRefused() {
        return channel != null && channel.getExitStatus() > 0;
    }

    private <C> C connected(Opening<C> opening, Session session) throws JSchException, IOException {
        C opened = opening.on(session);
        switch (opened) {
            case Running running -> connect(running.channel);
            case ChannelSftp sftp -> connect(sftp);
            default -> throw new IllegalStateException();
        }
        return opened;
    }

    private void connect(Channel opened) throws JSchException, IOException {
        use(opened);
        opened.connect(connection.patienceMillis());
    }

    private Answer answer(Running running) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean hasBegun = false;
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(new Measured(running.out), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (hasBegun && line.matches(END + "[0-9]{1,3}")) {
                    int status = Integer.parseInt(line.substring(END.length()));
                    return new Answer(status, lines, running.errors.text());
                }
                if (hasBegun) {
                    lines.add(line);
                } else {
                    // What comes before is the shell's own start-up.
                    hasBegun = line.equals(BEGIN);
                }
            }
        }
        String errors = running.errors.text();
        throw new IOException(errors.isEmpty() ? "the connection ended in the middle" : errors);
    }

    /// Puts files below a directory, which is made.
    void put(String directory, List<Upload> files)
            throws JSchException, IOException, SftpException, HostFailure, InterruptedException {
        connection.channels().acquire();
        try {
            ChannelSftp sftp = open(session -> (ChannelSftp) session.openChannel("sftp"));
            try {
                Set<String> made = new HashSet<>();
                makeDirectory(sftp, directory, made);
                for (Upload file : files) {
                    String target = directory + "/" + file.name();
                    makeDirectory(sftp, target.substring(0, target.lastIndexOf('/')), made);
                    sftp.put(file.source().toString(), target, ChannelSftp.OVERWRITE);
                    sftp.chmod(file.isProgram() ? PROGRAM : FILE, target);
                }
            } finally {
                sftp.disconnect();
            }
        } finally {
            connection.channels().release();
        }
    }

    private static void makeDirectory(ChannelSftp sftp, String directory, Set<String> made)
            throws SftpException {
        if (directory.isEmpty() || !made.add(directory) || isDirectory(sftp, directory)) {
            return;
        }
        makeDirectory(sftp, directory.substring(0, directory.lastIndexOf('/')), made);
        try {
            sftp.mkdir(directory);
        } catch (SftpException failed) {
            // Somebody else may have made it meanwhile.
            if (isDirectory(sftp, directory)) {
                return;
            }
            throw failed;
        }
        sftp.chmod(PROGRAM, directory);
    }

    private static boolean isDirectory(ChannelSftp sftp, String directory) throws SftpException {
        try {
            @Nullable SftpATTRS attributes = sftp.stat(directory);
            return attributes != null && attributes.isDir();
        } catch (SftpException failed) {
            if (failed.id == ChannelSftp.SSH_FX_NO_SUCH_FILE) {
                return false;
            }
            throw failed;
        }
    }
}
