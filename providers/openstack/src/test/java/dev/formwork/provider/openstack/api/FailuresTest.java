package dev.formwork.provider.openstack.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.openstack.api.Transport.Answer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

class FailuresTest {
    @ParameterizedTest
    @CsvSource({
        "403, forbidden, 'Quota exceeded for cores: Requested 1, but already used 8 of 8', QUOTA",
        "403, forbidden, 'Policy does not allow os_compute_api:servers:create', CREDENTIALS",
        "403, forbidden, 'Maximum number of ports exceeded', QUOTA",
        "500, computeFault, 'No valid host was found. ', QUOTA",
        "500, computeFault, 'Unexpected API Error.', UNAVAILABLE",
        "413, overLimit, 'Quota exceeded for resources: volumes', QUOTA",
        "413, overLimit, 'This request was rate-limited.', THROTTLED",
        "409, conflictingRequest, 'Cannot stop while it is in task_state powering-off', CONFLICT",
        "504, gateway, '', TIMEOUT"
    })
    void knowsWhatNovaRefusesFor(int status, String kind, String words, ProviderCode expected) {
        assertThat(
                        refused(
                                status,
                                "{\"%s\": {\"code\": %d, \"message\": \"%s\"}}"
                                        .formatted(kind, status, words)))
                .isEqualTo(expected.code());
    }

    @ParameterizedTest
    @CsvSource({
        "409, OverQuota, QUOTA",
        "409, IpAddressGenerationFailure, QUOTA",
        "400, ExternalIpAddressExhausted, QUOTA",
        "400, InvalidInput, INVALID_SPEC",
        "409, PortInUse, CONFLICT",
        "404, PortNotFound, NOT_FOUND",
        "503, ServiceUnavailable, UNAVAILABLE"
    })
    void knowsWhatNeutronRefusesFor(int status, String type, ProviderCode expected) {
        assertThat(
                        refused(
                                status,
                                "{\"NeutronError\": {\"type\": \"%s\", \"message\": \"no\"}}"
                                        .formatted(type)))
                .isEqualTo(expected.code());
    }

    private static String refused(int status, String body) {
        Answer answer = new Answer(status, Map.of(), body);
        return ((ProblemException) Failures.refused("POST /servers", answer, Json.read(body)))
                .code();
    }
}
