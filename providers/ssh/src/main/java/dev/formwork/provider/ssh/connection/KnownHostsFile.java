package dev.formwork.provider.ssh.connection;

import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// The file of known hosts (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"), read anew when it has changed
/// and never written. Names may be hashed; `@revoked` counts. Thread-safe.
final class KnownHostsFile {
    private final Path file;
    private @Nullable HostKeyRepository read;
    private @Nullable Object version;

    KnownHostsFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    /// A file that is not there knows no host.
    synchronized HostKeyRepository now() throws JSchException {
        Object now = version();
        HostKeyRepository current = read;
        if (current != null && now.equals(version)) {
            return current;
        }
        JSch reader = new JSch();
        reader.setKnownHosts(file.toString());
        HostKeyRepository fresh = new RevokingHostKeys(reader.getHostKeyRepository());
        read = fresh;
        version = now;
        return fresh;
    }

    private Object version() throws JSchException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return "%s %d %s"
                    .formatted(
                            attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (NoSuchFileException none) {
            return "none";
        } catch (IOException failed) {
            throw new JSchException("the known hosts in %s cannot be read".formatted(file), failed);
        }
    }
}
