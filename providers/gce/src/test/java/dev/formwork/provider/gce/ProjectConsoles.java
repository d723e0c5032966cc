package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.SerialPortOutput;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// What the instances of a project print, by their paths. Guarded by the project.
final class ProjectConsoles {
    private static final int MOST = 1024 * 1024;

    private final Map<String, ByteArrayOutputStream> printed = new HashMap<>();

    void print(String path, byte[] text) {
        printed.computeIfAbsent(path, _ -> new ByteArrayOutputStream()).writeBytes(text);
    }

    /// @param asked where it is to begin; if negative, counted from the end
    SerialPortOutput read(String path, long asked) {
        byte[] all = printed.getOrDefault(path, new ByteArrayOutputStream()).toByteArray();
        long start = asked < 0 ? Math.max(0, all.length + asked) : asked;
        if (start >= all.length) {
            return SerialPortOutput.newBuilder()
                    .setKind("compute#serialPortOutput")
                    .setContents("")
                    .setStart(start)
                    .setNext(start)
                    .build();
        }
        int from = (int) Math.max(start, all.length - MOST);
        // A text of JSON: what is no UTF-8 is replaced.
        return SerialPortOutput.newBuilder()
                .setKind("compute#serialPortOutput")
                .setContents(new String(all, from, all.length - from, StandardCharsets.UTF_8))
                .setStart(from)
                .setNext(all.length)
                .build();
    }
}
