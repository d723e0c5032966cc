package dev.formwork.provider.aws;

import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.Ec2ClientBuilder;

/// The SDK's clients, made when they are first needed: that takes a while, and asks the host's own
/// metadata where nothing else says region and credentials. Thread-safe.
final class AwsClients implements AutoCloseable {
    private final AwsSettings settings;
    private final SdkHttpClient http;
    private final RenewableCredentials credentials;
    private @Nullable Ec2Client ec2;
    private @Nullable Parameters parameters;

    /// @param http owned
    /// @param credentials owned
    AwsClients(AwsSettings settings, SdkHttpClient http, RenewableCredentials credentials) {
        this.settings = settings;
        this.http = http;
        this.credentials = credentials;
    }

    /// As the SDK finds both by itself.
    static AwsClients of(AwsSettings settings) {
        DefaultCredentialsProvider.Builder chain = DefaultCredentialsProvider.builder();
        settings.profile().ifPresent(chain::profileName);
        return new AwsClients(
                settings,
                UrlConnectionHttpClient.builder()
                        .connectionTimeout(settings.answer())
                        .socketTimeout(settings.answer())
                        .build(),
                new RenewableCredentials(chain::build));
    }

    /// AWS does not take the credentials: there may be others by now.
    void renewCredentials() {
        credentials.renew();
    }

    /// @throws dev.formwork.model.ProblemException `provider.invalid-config` where nobody says the
    ///   region, `provider.credentials` where there are none
    Ec2Client ec2() {
        requireCredentials();
        synchronized (this) {
            if (ec2 == null) {
                ec2 = client();
            }
            return ec2;
        }
    }

    /// As [#ec2].
    Parameters parameters() {
        requireCredentials();
        synchronized (this) {
            if (parameters == null) {
                Region region = region();
                parameters =
                        new Parameters(
                                http,
                                credentials,
                                region,
                                settings.ssmEndpoint()
                                        .orElseGet(() -> Parameters.endpoint(region)));
            }
            return parameters;
        }
    }

    private Ec2Client client() {
        Ec2ClientBuilder builder =
                Ec2Client.builder()
                        .httpClient(http)
                        .credentialsProvider(credentials)
                        .region(region())
                        // Our own retries see every call: two layers would multiply.
                        .overrideConfiguration(
                                each -> each.retryStrategy(AwsRetryStrategy.doNotRetry()));
        settings.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private Region region() {
        if (settings.region().isPresent()) {
            return Region.of(settings.region().get());
        }
        DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
        settings.profile().ifPresent(chain::profileName);
        try {
            return chain.profileFile(ProfileFile::defaultProfileFile).build().getRegion();
        } catch (SdkClientException unknown) {
            throw ProviderCode.INVALID_CONFIG.problem(
                    "nobody says which region: " + unknown.getMessage(),
                    "set region, or AWS_REGION",
                    unknown);
        }
    }

    /// The SDK gives a missing credential no exception of its own, so it is asked for apart.
    private void requireCredentials() {
        try {
            credentials.resolveCredentials();
        } catch (SdkClientException missing) {
            throw Thread.currentThread().isInterrupted()
                    ? AwsFailure.interrupted(missing)
                    : ProviderCode.CREDENTIALS.problem(
                            "there are no credentials: " + missing.getMessage(),
                            "in the environment, in a profile, or a role of the engine's host",
                            missing);
        }
    }

    @Override
    public synchronized void close() {
        if (ec2 != null) {
            ec2.close();
        }
        credentials.close();
        http.close();
    }
}
