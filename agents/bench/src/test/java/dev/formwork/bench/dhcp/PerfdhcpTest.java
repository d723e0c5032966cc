package dev.formwork.bench.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class PerfdhcpTest {
    private static final String TOLD =
            """
            Running: perfdhcp -4 -W 500000 -r 20 -R 1000000 -p 2 -l 10.128.0.1 10.77.0.2
            ***Rate statistics***
            Rate: 15.5957 4-way exchanges/second, expected rate: 20

            ***Statistics for: DISCOVER-OFFER***
            sent packets: 40
            received packets: 39
            drops: 1
            drops ratio: 2.5 %

            min delay: 0.181 ms
            avg delay: 0.458 ms

            ***Statistics for: REQUEST-ACK***
            sent packets: 39
            received packets: 38
            drops: 1

            avg delay: 1.423 ms
            """;

    @Test
    void readsWhatCameOfBothHalvesOfTheExchange() throws IOException {
        Perfdhcp.Load load = Perfdhcp.parse(TOLD);

        assertThat(load).isEqualTo(new Perfdhcp.Load(40, 38, 0.458, 1.423));
        assertThat(load.lost()).isEqualTo(0.05, within(1e-9));
    }

    @Test
    void readsThatNothingCame() throws IOException {
        String told =
                """
                ***Statistics for: DISCOVER-OFFER***
                sent packets: 99
                received packets: 0
                min delay: inf ms
                avg delay: min delay: n/a
                avg delay: n/a

                ***Statistics for: REQUEST-ACK***
                sent packets: 0
                received packets: 0
                avg delay: min delay: n/a
                """;

        Perfdhcp.Load load = Perfdhcp.parse(told);

        assertThat(load).isEqualTo(new Perfdhcp.Load(99, 0, 0, 0));
        assertThat(load.lost()).isEqualTo(1);
    }

    @Test
    void saysWhatItWasToldWhereThatIsNothing() {
        assertThatIOException()
                .isThrownBy(() -> Perfdhcp.parse("perfdhcp: cannot bind"))
                .withMessageContaining("cannot bind");
    }
}
