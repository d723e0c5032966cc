package dev.formwork.provider.aws;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Reads parameters of Systems Manager: one action, for which the SDK's module of some hundred is
/// not needed. The SDK's own signer and HTTP client do the rest. (`GetParameter` in the AWS Systems
/// Manager API reference; AWS JSON 1.1 protocol.)
final class Parameters {
    private static final int MOST_BYTES = 64 * 1024;

    private final SdkHttpClient http;
    private final AwsCredentialsProvider credentials;
    private final Region region;
    private final URI endpoint;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    Parameters(
            SdkHttpClient http, AwsCredentialsProvider credentials, Region region, URI endpoint) {
        this.http = http;
        this.credentials = credentials;
        this.region = region;
        this.endpoint = endpoint;
    }

    static URI endpoint(Region region) {
        return URI.create("https://" + ServiceMetadata.of("ssm").endpointFor(region));
    }

    /// @throws software.amazon.awssdk.core.exception.SdkException as the SDK's own clients do
    String value(String name) {
        byte[] asked =
                ValueJson.write(Value.of(Map.of("Name", Value.of(name))))
                        .getBytes(StandardCharsets.UTF_8);
        try {
            HttpExecuteResponse answer = http.prepareRequest(signed(asked)).call();
            String said = read(answer);
            if (!answer.httpResponse().isSuccessful()) {
                throw refusal(answer.httpResponse().statusCode(), said);
            }
            return text(said, "Parameter", "Value");
        } catch (IOException failed) {
            throw SdkClientException.create("no answer from " + endpoint.getHost(), failed);
        }
    }

    private HttpExecuteRequest signed(byte[] asked) {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .uri(endpoint)
                        .encodedPath("/")
                        .method(SdkHttpMethod.POST)
                        .putHeader("Content-Type", "application/x-amz-json-1.1")
                        .putHeader("Content-Length", String.valueOf(asked.length))
                        .putHeader("X-Amz-Target", "AmazonSSM.GetParameter")
                        .build();
        ContentStreamProvider body = ContentStreamProvider.fromByteArray(asked);
        SignedRequest signed =
                signer.sign(each ->
                        each.identity(credentials.resolveCredentials())
                                .request(request)
                                .payload(body)
                                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "ssm")
                                .putProperty(AwsV4HttpSigner.REGION_NAME, region.id()));
        return HttpExecuteRequest.builder()
                .request(signed.request())
                .contentStreamProvider(signed.payload().orElse(body))
                .build();
    }

    private static String read(HttpExecuteResponse answer) throws IOException {
        if (answer.responseBody().isEmpty()) {
            return "";
        }
        try (InputStream body = answer.responseBody().get()) {
            return new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
    }

    private static AwsServiceException refusal(int status, String said) {
        String type = said.isEmpty() ? "" : text(said, "__type");
        return AwsServiceException.builder()
                .statusCode(status)
                .awsErrorDetails(
                        AwsErrorDetails.builder()
                                // May have the name space of a model before it.
                                .errorCode(type.substring(type.indexOf('#') + 1))
                                .errorMessage("Systems Manager says no")
                                .build())
                .build();
    }

    /// @throws SdkClientException where it is not there, as in the answer of something else
    private static String text(String json, String... path) {
        try {
            Value value = ValueJson.read(json);
            for (String key : path) {
                value =
                        value instanceof Value.Struct struct
                                ? struct.fields().getOrDefault(key, new Value.Null())
                                : new Value.Null();
            }
            if (value instanceof Value.Text(String text)) {
                return text;
            }
        } catch (ProblemException malformed) {
            throw SdkClientException.create("not an answer of Systems Manager", malformed);
        }
        throw SdkClientException.create("not an answer of Systems Manager");
    }
}
