package dev.formwork.provider.gce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.tck.HttpService.Request;
import dev.formwork.provider.tck.HttpService.Response;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.util.List;
import java.util.Map;

/// That the server of the tests takes only what Google publishes of its API.
class ComputeServerTest {
    private static final String PROJECT = "/compute/v1/projects/test-project/";

    private final ComputeServer server = new ComputeServer();

    private Response ask(String method, String path, String body) {
        String token = server.tokens().issue();
        return server.answer(
                new Request(
                        method,
                        URI.create(path),
                        Map.of("authorization", List.of("Bearer " + token)),
                        body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | aggregated/instances?filter=labels.a%3Db | | 200",
                "GET    | aggregated/instances?filtre=labels.a%3Db | | 400",
                "GET    | aggregated/instances?filter=labels.a%7Eb | | 400",
                "GET    | aggregated/instances?filter=colour%3Db | | 400",
                "GET    | aggregated/instances?maxResults=many | | 400",
                "GET    | aggregated/instances?pageToken=forged | | 400",
                "POST   | aggregated/instances | | 404",
                "GET    | zones/europe-west3-a/instance | | 404",
                "GET    | zones/europe-west3-a/instances/a | | 404",
                "POST   | zones/europe-west3-a/instances | {\"name\": \"a\", \"colour\": \"b\"} | 400",
                "POST   | zones/europe-west3-a/instances | {\"name\": 1, | 400",
                "POST   | zones/europe-west3-a/instances?requestId=1 | {\"name\": \"a\"} | 400",
                "DELETE | zones/europe-west3-a/instances/a | {\"x\": 1} | 400"
            })
    void takesOnlyWhatIsPublished(String method, String path, String body, int status) {
        Response response = ask(method, PROJECT + path, body == null ? "" : body);

        assertThat(response.status()).as(response.body()).isEqualTo(status);
    }

    @Test
    void wantsATokenThatItGave() {
        for (String token : List.of("", "Bearer ya29.forged")) {
            assertThat(
                            server.answer(
                                            new Request(
                                                    "GET",
                                                    URI.create(PROJECT + "aggregated/instances"),
                                                    Map.of("authorization", List.of(token)),
                                                    ""))
                                    .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void givesNoTokenForAJwtThatTheAccountHasNotSigned() {
        Response response =
                server.answer(
                        new Request(
                                "POST",
                                URI.create(TokenEndpoint.PATH),
                                Map.of(
                                        "content-type",
                                        List.of("application/x-www-form-urlencoded")),
                                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
                                        + "&assertion=e30.e30.AAAA"));

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body()).contains("invalid_grant");
    }
}
