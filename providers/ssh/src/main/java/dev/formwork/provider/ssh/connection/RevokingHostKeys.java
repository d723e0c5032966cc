package dev.formwork.provider.ssh.connection;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.UserInfo;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Known hosts of which a key that is revoked for any is revoked for all. JSch finds `@revoked`
/// only under the name that it asks for, and not under a pattern such as `*`, by which sshd(8)
/// revokes a key wherever it is shown.
final class RevokingHostKeys implements HostKeyRepository {
    private static final String REVOKED = "@revoked";

    private final HostKeyRepository known;
    private final List<HostKey> revoked;

    /// @param known that does not change any more
    RevokingHostKeys(HostKeyRepository known) {
        this.known = known;
        HostKey @Nullable [] all = known.getHostKey();
        this.revoked =
                Arrays.stream(all == null ? new HostKey[0] : all)
                        .filter(key -> REVOKED.equals(key.getMarker()))
                        .toList();
    }

    @Override
    public int check(String host, byte[] key) {
        return known.check(host, key);
    }

    @Override
    public HostKey[] getHostKey() {
        HostKey @Nullable [] all = known.getHostKey();
        return all == null ? new HostKey[0] : all;
    }

    /// @param type null for every type; it is then that JSch asks which types to prefer
    @Override
    public HostKey[] getHostKey(@Nullable String host, @Nullable String type) {
        HostKey @Nullable [] found = known.getHostKey(host, type);
        HostKey[] own = found == null ? new HostKey[0] : found;
        return type == null
                ? own
                : Stream.concat(Arrays.stream(own), revoked.stream()).toArray(HostKey[]::new);
    }

    @Override
    public String getKnownHostsRepositoryID() {
        return known.getKnownHostsRepositoryID();
    }

    @Override
    public void add(HostKey key, @Nullable UserInfo user) {
        throw new UnsupportedOperationException("known hosts are read only");
    }

    @Override
    public void remove(String host, String type) {
        throw new UnsupportedOperationException("known hosts are read only");
    }

    @Override
    public void remove(String host, String type, byte[] key) {
        throw new UnsupportedOperationException("known hosts are read only");
    }
}
