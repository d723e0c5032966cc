package dev.formwork.bench.transfer;

import java.util.List;

/// How much is measured.
///
/// @param warmUps rounds that are not counted
/// @param rounds of which the median is told
/// @param seconds for which each transfer goes on
/// @param httpMegabytes of the file that is loaded by HTTP again and again
/// @param connections of HTTP at once: a measurement each
/// @param tftpMegabytes of the file that is loaded by TFTP again and again
/// @param tftp a measurement each
/// @param machines that boot at once
/// @param kernelMegabytes that each of them loads
/// @param initrdMegabytes and this
/// @param boots how often they do
public record TransferSizes(
        int warmUps,
        int rounds,
        int seconds,
        int httpMegabytes,
        List<Integer> connections,
        int tftpMegabytes,
        List<Tftp> tftp,
        int machines,
        int kernelMegabytes,
        int initrdMegabytes,
        int boots) {
    /// @param block octets
    /// @param window blocks on their way at once (RFC 7440); tftpd-hpa has only 1
    /// @param clients at once
    public record Tftp(int block, int window, int clients) {}

    /// What machines load is as large as the container OS.
    public static final TransferSizes STANDARD =
            new TransferSizes(
                    1,
                    3,
                    2,
                    256,
                    List.of(1, 8, 50),
                    24,
                    List.of(
                            new Tftp(512, 1, 1),
                            new Tftp(1428, 1, 1),
                            new Tftp(8192, 1, 1),
                            new Tftp(1428, 16, 1),
                            new Tftp(1428, 64, 8)),
                    50,
                    8,
                    47,
                    3);

    public static final TransferSizes QUICK =
            new TransferSizes(
                    0,
                    1,
                    1,
                    8,
                    List.of(4),
                    1,
                    List.of(new Tftp(1428, 1, 1), new Tftp(1428, 16, 2)),
                    5,
                    1,
                    3,
                    1);

    public TransferSizes {
        connections = List.copyOf(connections);
        tftp = List.copyOf(tftp);
    }
}
