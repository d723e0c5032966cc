package dev.formwork.provider.ssh.connection;

import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Identity;
import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.SSHAgentConnector;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;

/// The private keys that we log in with: files, and those that the user's ssh-agent holds. Nothing
/// is ever added to that agent. Thread-safe.
public final class Keys {
    private final List<Path> files;
    private final byte @Nullable [] passphrase;
    private final Optional<Path> agent;
    private final Map<Path, List<Identity>> loaded = new ConcurrentHashMap<>();

    /// @param files tried in this order, before those of the agent
    /// @param passphrase of every file that has one
    /// @param agent the socket of the ssh-agent
    public Keys(List<Path> files, byte @Nullable [] passphrase, Optional<Path> agent) {
        this.files = List.copyOf(files);
        this.passphrase = passphrase == null ? null : passphrase.clone();
        this.agent = agent;
    }

    /// Reads the files.
    ///
    /// @throws BadKeyException where one is no key, or its passphrase is another one
    public void load() throws BadKeyException {
        for (Path file : files) {
            identities(file);
        }
    }

    /// A key that cannot be used, and why.
    public static final class BadKeyException extends Exception {
        private static final long serialVersionUID = 1L;

        BadKeyException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// @param only the one file that counts; null for all that there is
    IdentityRepository of(@Nullable Path only) throws BadKeyException {
        List<Identity> identities = new ArrayList<>();
        for (Path file : only == null ? files : List.of(only)) {
            identities.addAll(identities(file));
        }
        return new Offered(identities, only == null ? agent : Optional.empty());
    }

    private List<Identity> identities(Path file) throws BadKeyException {
        List<Identity> known = loaded.get(file);
        if (known != null) {
            return known;
        }
        try {
            JSch reader = new JSch();
            reader.addIdentity(file.toString(), passphrase);
            List<Identity> read = List.copyOf(reader.getIdentityRepository().getIdentities());
            for (Identity identity : read) {
                if (identity.isEncrypted()) {
                    throw new BadKeyException(
                            "the passphrase of key %s is %s"
                                    .formatted(file, passphrase == null ? "missing" : "another"),
                            null);
                }
            }
            loaded.put(file, read);
            return read;
        } catch (JSchException failed) {
            throw new BadKeyException("key %s cannot be read".formatted(file), failed);
        }
    }

    /// The files first, then what the agent has at the moment.
    private record Offered(List<Identity> files, Optional<Path> agent)
            implements IdentityRepository {
        @Override
        public String getName() {
            return "Formwork";
        }

        @Override
        public int getStatus() {
            return RUNNING;
        }

        @Override
        @SuppressWarnings("JdkObsolete") // it is JSch's interface
        public Vector<Identity> getIdentities() {
            Vector<Identity> all = new Vector<>(files);
            if (agent.isPresent()) {
                try {
                    all.addAll(
                            new AgentIdentityRepository(new SSHAgentConnector(agent.get()))
                                    .getIdentities());
                } catch (AgentProxyException noAgentNow) {
                    return all;
                }
            }
            return all;
        }

        @Override
        public boolean add(byte[] identity) {
            return false;
        }

        @Override
        public boolean remove(byte[] blob) {
            return false;
        }

        @Override
        public void removeAll() {}
    }
}
