package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

import java.io.IOException;
import java.net.SocketTimeoutException;

class AwsFailureTest {
    @ParameterizedTest
    @CsvSource({
        "503, RequestLimitExceeded, THROTTLED",
        "400, ThrottlingException, THROTTLED",
        "429, '', THROTTLED",
        "500, InternalError, UNAVAILABLE",
        "503, Unavailable, UNAVAILABLE",
        "502, '', UNAVAILABLE",
        "404, '', UNAVAILABLE",
        "401, AuthFailure, CREDENTIALS",
        "403, UnauthorizedOperation, CREDENTIALS",
        "400, ExpiredToken, CREDENTIALS",
        "400, RequestExpired, CREDENTIALS",
        "403, '', CREDENTIALS",
        "400, InstanceLimitExceeded, QUOTA",
        "400, VcpuLimitExceeded, QUOTA",
        "400, MaxSpotInstanceCountExceeded, QUOTA",
        "500, InsufficientInstanceCapacity, QUOTA",
        "503, InsufficientFreeAddressesInSubnet, QUOTA",
        "400, SpotMaxPriceTooLow, QUOTA",
        "400, UnfulfillableCapacity, QUOTA",
        "400, ReservationCapacityExceeded, QUOTA",
        "400, InsufficientHostCapacity, QUOTA",
        "400, InvalidInstanceID.NotFound, NOT_FOUND",
        "400, IncorrectInstanceState, CONFLICT",
        "400, OperationNotPermitted, CONFLICT",
        "400, InvalidAMIID.NotFound, INVALID_SPEC",
        "400, Unsupported, INVALID_SPEC",
        "400, VPCIdNotSpecified, INVALID_SPEC",
        "400, ParameterNotFound, INVALID_SPEC"
    })
    void knowsWhatEc2RefusesFor(int status, String code, ProviderCode expected) {
        assertThat(refused(status, code).code()).isEqualTo(expected.code());
    }

    @Test
    void whatItDoesNotKnowItTellsInEc2sWords() {
        assertThat(refused(400, "SomethingNew"))
                .matches(it -> it.code().equals("aws.refused"))
                .hasMessageContaining("SomethingNew: not so");
    }

    @Test
    void knowsWhatTheWayThereFailsFor() {
        assertThat(lost(new SocketTimeoutException("Read timed out")))
                .isEqualTo(ProviderCode.TIMEOUT.code());
        assertThat(lost(new IOException("Connection reset")))
                .isEqualTo(ProviderCode.UNAVAILABLE.code());
    }

    @Test
    void whatAnInterruptBreaksIsInterruptedAndStaysSo() {
        Thread.currentThread().interrupt();

        String code = lost(new IOException("Closed by interrupt"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(code).isEqualTo(ProviderCode.INTERRUPTED.code());
    }

    private static String lost(IOException cause) {
        return AwsFailure.problem("list", SdkClientException.create("no answer", cause)).code();
    }

    private static ProblemException refused(int status, String code) {
        AwsServiceException refusal =
                Ec2Exception.builder()
                        .statusCode(status)
                        .awsErrorDetails(
                                AwsErrorDetails.builder()
                                        .errorCode(code)
                                        .errorMessage("not so")
                                        .build())
                        .build();
        return AwsFailure.problem("list instances", refusal);
    }
}
