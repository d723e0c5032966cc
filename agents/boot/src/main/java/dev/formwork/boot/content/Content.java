package dev.formwork.boot.content;

import dev.formwork.boot.address.Octets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Something that a machine loads.
public sealed interface Content {
    /// A file as it is; it is not changed while it is served.
    record Stored(Path file) implements Content {}

    /// Text that was made for the one who asks.
    record Rendered(Octets octets) implements Content {}

    /// Opens it for reading by one thread.
    default Open open() throws IOException {
        return switch (this) {
            case Stored(Path file) -> {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                try {
                    yield new Open(channel, ByteBuffer.allocate(0), channel.size());
                } catch (IOException e) {
                    channel.close();
                    throw e;
                }
            }
            case Rendered(Octets octets) ->
                    new Open(null, ByteBuffer.wrap(octets.toArray()), octets.size());
        };
    }
}
