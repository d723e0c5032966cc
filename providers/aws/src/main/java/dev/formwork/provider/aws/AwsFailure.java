package dev.formwork.provider.aws;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What the SDK's exceptions mean. The codes are those of "Error codes for the Amazon EC2 API" in
/// the EC2 developer guide, and of Systems Manager.
final class AwsFailure {
    private static final int MOST_WORDS = 400;

    private static final Set<String> THROTTLED =
            Set.of(
                    "RequestLimitExceeded",
                    "Throttling",
                    "ThrottlingException",
                    "ThrottledException",
                    "RequestThrottled",
                    "RequestThrottledException",
                    "BandwidthLimitExceeded",
                    "EC2ThrottledException",
                    "TooManyRequestsException",
                    "PriorRequestNotComplete",
                    "SlowDown");
    private static final Set<String> CREDENTIALS =
            Set.of(
                    "AccessDenied",
                    "AccessDeniedException",
                    "AuthFailure",
                    "Blocked",
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "IncompleteSignature",
                    "InvalidClientTokenId",
                    "InvalidSignatureException",
                    "MissingAuthenticationToken",
                    "OptInRequired",
                    "PendingVerification",
                    "RequestExpired",
                    "SignatureDoesNotMatch",
                    "UnauthorizedOperation",
                    "UnrecognizedClientException");
    private static final Set<String> ENDED =
            Set.of(
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "InvalidClientTokenId",
                    "UnrecognizedClientException");
    private static final Set<String> CONFLICT =
            Set.of(
                    "IdempotentInstanceTerminated",
                    "IdempotentParameterMismatch",
                    "IncorrectInstanceState",
                    "IncorrectState",
                    "OperationNotPermitted");

    private AwsFailure() {}

    /// The code by which AWS refused; empty where it did not say one.
    static String codeOf(AwsServiceException refused) {
        return Optional.ofNullable(refused.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .orElse("");
    }

    /// Whether EC2 does not know the instance that it was asked about.
    static boolean isOfAnUnknownInstance(AwsServiceException refused) {
        return codeOf(refused).startsWith("InvalidInstanceID.");
    }

    /// Whether AWS does not take the credentials any more.
    static boolean isOfEndedCredentials(AwsServiceException refused) {
        return ENDED.contains(codeOf(refused));
    }

    /// Whether EC2 made an instance for the token once, which has ended.
    static boolean isOfAnEndedInstance(ProblemException failed) {
        return failed.getCause() instanceof AwsServiceException refused
                && codeOf(refused).equals("IdempotentInstanceTerminated");
    }

    /// @param what was to be done, for people: "look at instance i-1"
    static ProblemException problem(String what, SdkException failed) {
        if (Thread.currentThread().isInterrupted() || failed instanceof AbortedException) {
            return interrupted(failed);
        }
        if (failed instanceof AwsServiceException refused) {
            return refusal(what, refused);
        }
        if (isTimeout(failed)) {
            return ProviderCode.TIMEOUT.problem(
                    "no answer in time to the request to " + what, null, failed);
        }
        return ProviderCode.UNAVAILABLE.problem(
                "could not %s: %s".formatted(what, words(failed)), null, failed);
    }

    static ProblemException interrupted(Throwable cause) {
        Thread.currentThread().interrupt();
        return ProviderCode.INTERRUPTED.problem(
                "the operation was interrupted", "repeat it to go on", cause);
    }

    private static ProblemException refusal(String what, AwsServiceException refused) {
        String code = codeOf(refused);
        String said = code.isEmpty() ? "status " + refused.statusCode() : code;
        String detail = "could not %s: %s: %s".formatted(what, said, words(refused));
        int status = refused.statusCode();
        if (THROTTLED.contains(code) || status == 429) {
            return ProviderCode.THROTTLED.problem(detail, null, refused);
        }
        if (CREDENTIALS.contains(code)) {
            return ProviderCode.CREDENTIALS.problem(
                    detail, "check the credentials, their policy and the host's clock", refused);
        }
        if (isQuota(code)) {
            return ProviderCode.QUOTA.problem(
                    detail, "another type or zone, or a higher limit of the account", refused);
        }
        if (status >= 500) {
            return ProviderCode.UNAVAILABLE.problem(detail, null, refused);
        }
        if (code.isEmpty() && (status == 401 || status == 403)) {
            // The JDK's client keeps the words of a 401 to itself: EC2's are AuthFailure.
            return ProviderCode.CREDENTIALS.problem(detail, "check the credentials", refused);
        }
        if (CONFLICT.contains(code)) {
            return ProviderCode.CONFLICT.problem(detail, null, refused);
        }
        if (isOfAnUnknownInstance(refused)) {
            return ProviderCode.NOT_FOUND.problem(detail, null, refused);
        }
        if (code.isEmpty()) {
            return ProviderCode.UNAVAILABLE.problem(
                    detail, "is there something else at the endpoint?", refused);
        }
        if (isAboutTheWish(code)) {
            return ProviderCode.INVALID_SPEC.problem(detail, null, refused);
        }
        return ProblemException.of(
                "aws.refused", detail, "see the code in the EC2 developer guide");
    }

    /// `VcpuLimitExceeded`, `InsufficientInstanceCapacity`, `Server.InsufficientInstanceCapacity`,
    /// `ReservationCapacityExceeded`, `UnfulfillableCapacity`: too much for the account, or for the
    /// place just now. Either way another place may have it.
    static boolean isQuota(String code) {
        return code.endsWith("LimitExceeded")
                || code.endsWith("CountExceeded")
                || code.endsWith("CapacityExceeded")
                || code.equals("UnfulfillableCapacity")
                || code.equals("SpotMaxPriceTooLow")
                || code.contains("Insufficient");
    }

    /// `Server.SpotInstanceTermination`, `Server.SpotInstanceShutdown`: somebody else has it now.
    static boolean isTakenBack(String reason) {
        return reason.startsWith("Server.SpotInstance");
    }

    /// `InvalidAMIID.NotFound`, `MissingParameter`, `Unsupported`, `ParameterNotFound`, and so on.
    private static boolean isAboutTheWish(String code) {
        return code.startsWith("Invalid")
                || code.startsWith("Missing")
                || code.startsWith("Parameter")
                || code.startsWith("Unsupported")
                || code.startsWith("Unknown")
                || code.equals("VPCIdNotSpecified");
    }

    private static boolean isTimeout(Throwable failed) {
        return causes(failed)
                .anyMatch(each ->
                        each instanceof SocketTimeoutException
                                || each instanceof InterruptedIOException
                                || each instanceof ApiCallTimeoutException
                                || each instanceof ApiCallAttemptTimeoutException);
    }

    private static Stream<Throwable> causes(Throwable failed) {
        return Stream.iterate(failed, each -> each != null, Throwable::getCause).limit(10);
    }

    /// The place's own, without control characters: they are shown to people.
    static String words(SdkException failed) {
        @Nullable String own = null;
        if (failed instanceof AwsServiceException refused && refused.awsErrorDetails() != null) {
            own = refused.awsErrorDetails().errorMessage();
        }
        String words = own == null ? String.valueOf(failed.getMessage()) : own;
        String shown = words.replaceAll("\\p{Cntrl}", " ");
        return shown.length() <= MOST_WORDS ? shown : shown.substring(0, MOST_WORDS) + "...";
    }
}
