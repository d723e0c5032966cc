package dev.formwork.boot.tftp;

import java.util.LinkedHashMap;
import java.util.Map;

/// How a file is sent: what the client wished and we can do.
///
/// @param block octets of each
/// @param seconds until something is sent again
/// @param window how many blocks are on their way at once
/// @param agreed the options to acknowledge, in the order of the request
record Terms(int block, int seconds, int window, Map<String, String> agreed) {
    private static final int LEAST_BLOCK = 8;
    private static final int LARGEST_BLOCK = 65_464;
    private static final int LARGEST_WINDOW = 64;

    static Terms of(ReadRequest request, long size) {
        int block = 512;
        int seconds = 1;
        int window = 1;
        Map<String, String> agreed = new LinkedHashMap<>();
        for (String option : request.options().keySet()) {
            switch (option) {
                case "blksize" -> {
                    block = request.number(option, LEAST_BLOCK, LARGEST_BLOCK).orElse(512);
                    if (request.number(option, LEAST_BLOCK, LARGEST_BLOCK).isPresent()) {
                        agreed.put(option, String.valueOf(block));
                    }
                }
                case "timeout" -> {
                    // The very value, or nothing (RFC 2349).
                    seconds = request.number(option, 1, 255).orElse(1);
                    if (request.number(option, 1, 255).isPresent()) {
                        agreed.put(option, String.valueOf(seconds));
                    }
                }
                case "windowsize" -> {
                    int wished = request.number(option, 1, 65_535).orElse(0);
                    if (wished > 0) {
                        window = Math.min(wished, LARGEST_WINDOW);
                        agreed.put(option, String.valueOf(window));
                    }
                }
                case "tsize" -> agreed.put(option, String.valueOf(size));
                default -> {
                    // RFC 2347: what we don't know is left out.
                }
            }
        }
        return new Terms(block, seconds, window, agreed);
    }
}
