package dev.formwork.provider.aws;

import dev.formwork.provider.Console;
import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.InstanceRef;

import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.GetConsoleOutputResponse;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Reads consoles. Thread-safe.
///
/// EC2 gives the last 64 KiB, and does not say how much there was before. So offsets are counted
/// here, from what was seen first: the windows of two readings are laid over each other where they
/// fit. What was printed between two readings that have nothing in common is not counted.
final class Ec2Console implements Console {
    private static final int MOST_KEPT = 64;

    private final AwsCalls calls;
    private final OwnInstances own;

    /// By instance, those that were read last. Guarded by itself.
    private final Map<String, Window> windows =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
                    return size() > MOST_KEPT;
                }
            };

    Ec2Console(AwsCalls calls, OwnInstances own) {
        this.calls = calls;
        this.own = own;
    }

    @Override
    public ConsoleText read(InstanceRef ref, long offset, int most) {
        calls.begin();
        String id = own.require(ref).id();
        byte[] latest = latest(id);
        Window window;
        synchronized (windows) {
            window = windows.merge(id, new Window(0, latest), (was, _) -> was.followedBy(latest));
        }
        return window.read(offset, most);
    }

    private byte[] latest(String id) {
        String what = "read the console of instance " + id;
        Optional<GetConsoleOutputResponse> answer =
                calls.ec2Where(
                        what,
                        ec2 -> {
                            try {
                                return Optional.of(
                                        ec2.getConsoleOutput(it -> it.instanceId(id).latest(true)));
                            } catch (Ec2Exception refused) {
                                if (AwsFailure.codeOf(refused).equals("UnsupportedOperation")) {
                                    return Optional.empty();
                                }
                                throw refused;
                            }
                        });
        // Instances that are not on Nitro have what there was at the last change of state.
        String output =
                answer.orElseGet(() ->
                                calls.ec2(
                                        what, ec2 -> ec2.getConsoleOutput(it -> it.instanceId(id))))
                        .output();
        return output == null ? new byte[0] : Base64.getMimeDecoder().decode(output);
    }

    /// A part of what was printed, up to the end.
    ///
    /// @param start its first byte's offset
    @SuppressWarnings("ArrayRecordComponent")
    record Window(long start, byte[] bytes) {
        /// The later window, at its place.
        Window followedBy(byte[] later) {
            return new Window(start + bytes.length - overlap(bytes, later), later);
        }

        ConsoleText read(long offset, int most) {
            int from = (int) (Math.clamp(offset, start, start + bytes.length) - start);
            int length = Math.min(most, bytes.length - from);
            return new ConsoleText(start + from, ByteBuffer.wrap(bytes, from, length).slice());
        }

        /// The length of the longest end of the one that is the beginning of the other. (Knuth,
        /// Morris and Pratt: linear, whatever a machine prints.)
        static int overlap(byte[] earlier, byte[] later) {
            int[] shorter = new int[later.length + 1];
            for (int i = 1, fit = 0; i < later.length; i++) {
                while (fit > 0 && later[i] != later[fit]) {
                    fit = shorter[fit];
                }
                fit = later[i] == later[fit] ? fit + 1 : fit;
                shorter[i + 1] = fit;
            }
            int fit = 0;
            for (byte each : earlier) {
                if (fit == later.length) {
                    fit = shorter[fit];
                }
                while (fit > 0 && later[fit] != each) {
                    fit = shorter[fit];
                }
                fit = later.length > 0 && later[fit] == each ? fit + 1 : fit;
            }
            return fit;
        }
    }
}
