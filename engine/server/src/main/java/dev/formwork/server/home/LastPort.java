package dev.formwork.server.home;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The port that something listened on when it ran last, in a file of the data directory: those
/// that live on know it.
///
/// @param name of the file
public record LastPort(DataDirectory data, String name) {
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    public OptionalInt read() {
        Matcher port = PORT.matcher(data.read(name).map(String::strip).orElse(""));
        return port.matches()
                ? OptionalInt.of(Integer.parseInt(port.group()))
                : OptionalInt.empty();
    }

    public void write(int port) {
        data.write(name, Integer.toString(port).getBytes(StandardCharsets.US_ASCII));
    }
}
