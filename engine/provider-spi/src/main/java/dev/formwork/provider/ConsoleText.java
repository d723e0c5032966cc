package dev.formwork.provider;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A part of what a machine printed on its console.
///
/// @param offset of the first byte, since the machine was made
/// @param bytes read-only; with the escape sequences for a terminal, and in no encoding for sure
public record ConsoleText(long offset, ByteBuffer bytes) {
    public ConsoleText {
        bytes = bytes.asReadOnlyBuffer();
    }

    /// The offset behind the last byte: where to go on.
    public long end() {
        return offset + bytes.remaining();
    }

    /// As text; what is no UTF-8 is replaced.
    public String text() {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
