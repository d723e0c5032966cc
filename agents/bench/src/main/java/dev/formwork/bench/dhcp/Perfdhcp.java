package dev.formwork.bench.dhcp;

import dev.formwork.bench.network.Programs;
import dev.formwork.bench.network.Segment;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Kea's load generator: whole exchanges of four messages, of clients behind the relay agent.
final class Perfdhcp {
    /// An answer that takes longer than a second counts as lost.
    private static final String WAIT_MICROSECONDS = "1000000";

    private static final String CLIENTS = "1000000";
    private static final String ROUND_TRIP =
            "(?s)Statistics for: %s\\*\\*\\*\\s+sent packets: (\\d+)\\s+received packets: (\\d+)"
                    + ".*?avg delay: (\\S+)";
    private static final Pattern OFFERS = Pattern.compile(ROUND_TRIP.formatted("DISCOVER-OFFER"));
    private static final Pattern ACKNOWLEDGEMENTS =
            Pattern.compile(ROUND_TRIP.formatted("REQUEST-ACK"));

    private Perfdhcp() {}

    /// What came of one rate.
    ///
    /// @param begun exchanges
    /// @param completed of these
    /// @param offerMs from a client's first message to the offer, on average; 0 where none came
    /// @param acknowledgementMs from its second to the acknowledgement; 0 where none came
    record Load(long begun, long completed, double offerMs, double acknowledgementMs) {
        double lost() {
            return begun == 0 ? 1 : 1 - (double) completed / begun;
        }
    }

    static Optional<String> missing() {
        return Programs.missing("perfdhcp", "kea-admin");
    }

    /// @param run of this server: each has other clients
    static Load run(Segment segment, int rate, int seconds, int run)
            throws IOException, InterruptedException {
        List<String> said =
                segment.ask(
                                "perfdhcp",
                                List.of(
                                        "perfdhcp",
                                        "-4",
                                        "-W",
                                        WAIT_MICROSECONDS,
                                        "-r",
                                        Integer.toString(rate),
                                        "-R",
                                        CLIENTS,
                                        "-b",
                                        // What is chosen at random is at its end.
                                        "mac=02:%02x:00:00:00:00".formatted(run),
                                        "-p",
                                        Integer.toString(seconds),
                                        "-l",
                                        Segment.RELAY,
                                        Segment.SERVER))
                        .toEnd();
        return parse(String.join("\n", said));
    }

    static Load parse(String told) throws IOException {
        Matcher offers = OFFERS.matcher(told);
        Matcher acknowledgements = ACKNOWLEDGEMENTS.matcher(told);
        if (!offers.find()) {
            throw new IOException("perfdhcp does not say what came of it:\n" + told);
        }
        boolean isAny = acknowledgements.find();
        return new Load(
                Long.parseLong(offers.group(1)),
                isAny ? Long.parseLong(acknowledgements.group(2)) : 0,
                milliseconds(offers.group(3)),
                isAny ? milliseconds(acknowledgements.group(3)) : 0);
    }

    /// Where nothing came there is a word.
    private static double milliseconds(String told) {
        return told.matches("[0-9.]+") ? Double.parseDouble(told) : 0;
    }
}
