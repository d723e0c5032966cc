package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.GetSerialPortOutputInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.SerialPortOutput;

import dev.formwork.provider.Console;
import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.InstanceRef;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An instance's first serial port, of which Google keeps the last MiB.
final class GceConsole implements Console {
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    private final Compute compute;
    private final Place place;

    GceConsole(Compute compute, Place place) {
        this.compute = compute;
        this.place = place;
    }

    @Override
    public ConsoleText read(InstanceRef ref, long offset, int most) {
        compute.requireOpen();
        Instance instance = place.required(ref);
        SerialPortOutput output = output(instance, offset);
        if (output.getContents().isEmpty() && offset > 0) {
            // What comes next is said as it was asked for; the last byte has its real number.
            return new ConsoleText(
                    Math.min(offset, output(instance, -1).getNext()), ByteBuffer.allocate(0));
        }
        byte[] bytes = bytes(output);
        return new ConsoleText(
                output.getNext() - bytes.length,
                ByteBuffer.wrap(bytes, 0, Math.min(most, bytes.length)).slice());
    }

    /// @param start where it is to begin; if negative, counted from the end
    private SerialPortOutput output(Instance instance, long start) {
        return compute.call(
                connection -> connection.instances().getSerialPortOutputCallable(),
                project ->
                        GetSerialPortOutputInstanceRequest.newBuilder()
                                .setProject(project)
                                .setZone(Place.lastPart(instance.getZone()))
                                .setInstance(instance.getName())
                                .setPort(1)
                                .setStart(start)
                                .build());
    }

    /// As many bytes as there were. Google says them as text: what is no UTF-8 is replaced, one
    /// character for one byte or for several, and the numbers go on counting bytes.
    static byte[] bytes(SerialPortOutput output) {
        byte[] text = output.getContents().getBytes(StandardCharsets.UTF_8);
        int count = (int) Math.max(0, output.getNext() - output.getStart());
        if (text.length == count) {
            return text;
        }
        byte[] narrowed = narrowed(text);
        // Whatever else was replaced: the end is what the next answer joins.
        return narrowed.length >= count
                ? Arrays.copyOfRange(narrowed, narrowed.length - count, narrowed.length)
                : narrowed;
    }

    /// With one question mark for each character that stands for what is no UTF-8.
    private static byte[] narrowed(byte[] text) {
        byte[] narrowed = new byte[text.length];
        int length = 0;
        for (int i = 0; i < text.length; ) {
            if (Arrays.equals(
                    text,
                    i,
                    Math.min(text.length, i + REPLACEMENT.length),
                    REPLACEMENT,
                    0,
                    REPLACEMENT.length)) {
                narrowed[length++] = '?';
                i += REPLACEMENT.length;
            } else {
                narrowed[length++] = text[i++];
            }
        }
        return Arrays.copyOf(narrowed, length);
    }
}
