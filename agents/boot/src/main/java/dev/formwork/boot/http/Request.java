package dev.formwork.boot.http;

import dev.formwork.boot.content.ContentPath;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The head of a request (RFC 9112), as far as it is needed to serve content.
///
/// @param path empty where it is none that we could have
/// @param query hostile text
/// @param server the Host field, where that is a name or an address that can stand in a script
/// @param isLast whether the connection ends after the answer
record Request(
        Method method,
        Optional<String> path,
        String query,
        Optional<String> server,
        Optional<Range> range,
        boolean isLast) {
    private static final Pattern LINE =
            Pattern.compile("([A-Z]{1,16}) (\\S{1,4096}) HTTP/1\\.([01])");
    private static final Pattern FIELD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}):[ \\t]*(.*?)[ \\t]*");
    private static final Pattern HOST = Pattern.compile("http://[^/?#]*");
    private static final Pattern SERVER =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})(:[0-9]{1,5})?");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /// What is asked for.
    enum Method {
        GET,
        HEAD,
        /// What we do not do.
        OTHER
    }

    /// One range of octets: from the first to the last, or the last so many where `first` is -1.
    ///
    /// @param last -1 where it is the end
    record Range(long first, long last) {
        /// The part of `size` octets that is meant, as position and count; empty where there is
        /// none.
        Optional<Part> of(long size) {
            long from = first < 0 ? Math.max(0, size - last) : first;
            long to = first < 0 || last < 0 ? size : Math.min(size, last + 1);
            return from < to ? Optional.of(new Part(from, to - from)) : Optional.empty();
        }
    }

    /// @param position of the first octet
    record Part(long position, long count) {}

    /// Reads the lines of a head; empty where it is no request.
    static Optional<Request> parse(String head) {
        String[] lines = head.split("\r\n", -1);
        Matcher line = LINE.matcher(lines[0]);
        if (!line.matches()) {
            return Optional.empty();
        }
        Map<String, String> fields = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            Matcher field = FIELD.matcher(lines[i]);
            if (!field.matches()) {
                return Optional.empty();
            }
            fields.putIfAbsent(field.group(1).toLowerCase(Locale.ROOT), field.group(2));
        }
        String target = HOST.matcher(line.group(2)).replaceFirst("");
        int question = target.indexOf('?');
        String connection = fields.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        boolean hasBody =
                fields.containsKey("transfer-encoding")
                        || !fields.getOrDefault("content-length", "0").equals("0");
        return Optional.of(
                new Request(
                        switch (line.group(1)) {
                            case "GET" -> Method.GET;
                            case "HEAD" -> Method.HEAD;
                            default -> Method.OTHER;
                        },
                        path(question < 0 ? target : target.substring(0, question)),
                        question < 0 ? "" : target.substring(question + 1),
                        Optional.ofNullable(fields.get("host")).filter(SERVER.asMatchPredicate()),
                        range(fields.get("range")),
                        hasBody
                                || connection.contains("close")
                                || (line.group(3).equals("0")
                                        && !connection.contains("keep-alive"))));
    }

    private static Optional<String> path(String target) {
        return target.startsWith("/") ? decoded(target).flatMap(ContentPath::of) : Optional.empty();
    }

    /// Only one range is served; what cannot be read counts as none, and the whole is sent.
    private static Optional<Range> range(@Nullable String field) {
        Matcher range = RANGE.matcher(field == null ? "" : field);
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return Optional.empty();
        }
        long first = range.group(1).isEmpty() ? -1 : Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? -1 : Long.parseLong(range.group(2));
        return first >= 0 && last >= 0 && last < first
                ? Optional.empty()
                : Optional.of(new Range(first, last));
    }

    private static Optional<String> decoded(String text) {
        StringBuilder decoded = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                decoded.append(c);
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (low < 0) {
                return Optional.empty();
            }
            decoded.append((char) (high << 4 | low));
            i += 2;
        }
        return Optional.of(decoded.toString());
    }
}
