package dev.formwork.agent.identity;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.host.Host;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where an identity is kept, beside the boot token that it is made up for.
public interface IdentityPlace {
    /// What was written last; null where nothing was.
    byte @Nullable [] read() throws IOException;

    /// When this returns it outlives a loss of power. Its owner alone can read it.
    void write(byte[] identity) throws IOException;

    /// Null where there is none.
    @Nullable String bootToken() throws IOException;

    /// On this machine.
    ///
    /// @param bootToken the file with the token
    static IdentityPlace here(Path file, @Nullable Path bootToken) {
        return new IdentityPlace() {
            @Override
            public byte @Nullable [] read() throws IOException {
                return Files.exists(file) ? Files.readAllBytes(file) : null;
            }

            @Override
            public void write(byte[] identity) throws IOException {
                DurableFile.replace(file, identity);
            }

            @Override
            public @Nullable String bootToken() throws IOException {
                return bootToken == null || !Files.exists(bootToken)
                        ? null
                        : token(Files.readAllBytes(bootToken));
            }
        };
    }

    /// On a host: whoever works it next is the same machine.
    ///
    /// @param file its path there, in a folder that is made where it is missing
    /// @param bootToken the file with the token, there
    static IdentityPlace on(Host host, Path file, Path bootToken) {
        return new IdentityPlace() {
            @Override
            public byte @Nullable [] read() throws IOException {
                return whole(host, file);
            }

            @Override
            public void write(byte[] identity) throws IOException {
                host.call(
                        "mkdir -p %s || exit 1"
                                .formatted(Host.quote(String.valueOf(file.getParent()))));
                host.write(file.toString(), identity);
            }

            @Override
            public @Nullable String bootToken() throws IOException {
                byte[] content = whole(host, bootToken);
                return content == null ? null : token(content);
            }
        };
    }

    private static byte @Nullable [] whole(Host host, Path file) throws IOException {
        String quoted = Host.quote(file.toString());
        List<String> lines =
                host.call("[ ! -f %1$s ] || echo \"has $(encoded <%1$s)\"".formatted(quoted));
        return lines.isEmpty() ? null : Host.decoded(lines.getFirst().substring("has ".length()));
    }

    private static @Nullable String token(byte[] content) {
        String token = new String(content, StandardCharsets.UTF_8).strip();
        return token.isEmpty() ? null : token;
    }
}
