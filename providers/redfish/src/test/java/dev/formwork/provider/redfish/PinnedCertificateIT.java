package dev.formwork.provider.redfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.Retries;
import dev.formwork.provider.redfish.client.Credentials;
import dev.formwork.provider.redfish.client.Exchange;
import dev.formwork.provider.redfish.client.HttpExchange;
import dev.formwork.provider.redfish.client.Link;
import dev.formwork.provider.redfish.client.RedfishService;
import dev.formwork.provider.redfish.client.Trust;
import dev.formwork.provider.tck.FaultyHttpServer;
import dev.formwork.provider.tck.HttpService.Response;
import dev.formwork.provider.tck.RecordedPauses;
import dev.formwork.testkit.TestKeys;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Which certificates are trusted, and how long an answer may be: over real connections.
class PinnedCertificateIT {
    private static final Link SYSTEMS = new Link("/redfish/v1/Systems");

    private final RedfishBench bench = new RedfishBench(1);

    @AfterEach
    void closeBench() {
        bench.close();
    }

    private List<Link> systems(URI service, Trust trust) {
        try (HttpExchange http =
                        new HttpExchange(
                                authority ->
                                        authority.equals(HttpExchange.authority(service))
                                                ? trust
                                                : new Trust.None(),
                                Duration.ofSeconds(60));
                RedfishService client =
                        new RedfishService(
                                service,
                                new Credentials(RedfishBench.USER, () -> RedfishBench.PASSWORD),
                                http,
                                Duration.ofSeconds(60),
                                new Retries(new Random(), new RecordedPauses()))) {
            return client.memberLinks(SYSTEMS);
        }
    }

    private void assertUntrusted(Trust trust, String word) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> systems(bench.server().uri(), trust))
                .withMessageContaining(RedfishBench.fingerprint())
                .withMessageContaining(word)
                .satisfies(failed -> assertThat(failed.code()).isEqualTo("redfish.untrusted"));
        assertThat(bench.service.requests).isEmpty();
    }

    @Test
    void trustsThePinnedCertificate() {
        String pin = RedfishBench.fingerprint();

        assertThat(systems(bench.server().uri(), new Trust.Pinned(List.of("00".repeat(32), pin))))
                .hasSize(1);
    }

    @Test
    void sendsNothingToAnotherThanThePinnedOne() {
        assertUntrusted(new Trust.Pinned(List.of("ab".repeat(32))), "pinned");
    }

    @Test
    void sendsNothingWhereNothingIsTrusted() {
        assertUntrusted(new Trust.None(), "nothing says");
    }

    @Test
    void trustsWhatAnAuthorityHasSignedForThisAddress() throws Exception {
        assertThat(systems(bench.server().uri(), Trust.SignedBy.pem(RedfishBench.keys().pem())))
                .hasSize(1);
    }

    @Test
    void sendsNothingToWhatAnotherAuthorityHasSigned(@TempDir Path folder) throws Exception {
        TestKeys other = TestKeys.make(folder, "other", "ip:127.0.0.1");

        assertUntrusted(Trust.SignedBy.pem(other.pem()), "");
    }

    @Test
    void anAuthoritysCertificateForAnotherAddressIsNotTrusted(@TempDir Path folder)
            throws Exception {
        TestKeys elsewhere = TestKeys.make(folder, "elsewhere", "dns:bmc-9.example");
        try (FaultyHttpServer server =
                new FaultyHttpServer(
                        _ -> Response.json(200, "{}"), Map.of(), elsewhere.context())) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> systems(server.uri(), Trust.SignedBy.pem(elsewhere.pem())))
                    .satisfies(failed -> assertThat(failed.code()).isEqualTo("redfish.untrusted"));
        }
    }

    @Test
    void anAnswerWithoutAnEndIsGivenUp() {
        String huge = "{\"x\": \"%s\"}".formatted("y".repeat(Exchange.MOST_BYTES));
        try (FaultyHttpServer server =
                new FaultyHttpServer(
                        _ -> Response.json(200, huge), Map.of(), RedfishBench.keys().context())) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() ->
                            systems(
                                    server.uri(),
                                    new Trust.Pinned(List.of(RedfishBench.fingerprint()))))
                    .withMessageContaining("longer than")
                    .satisfies(failed -> assertThat(failed.code()).isEqualTo("redfish.protocol"));
        }
    }
}
