package dev.formwork.provider.aws;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

import java.util.function.Supplier;

/// Credentials that are looked for anew where AWS does not take them any more. The SDK renews those
/// that it got from AWS; a file that somebody writes anew each hour it reads when it likes.
/// Thread-safe.
final class RenewableCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
    private final Supplier<? extends AwsCredentialsProvider> chain;
    private AwsCredentialsProvider current;

    /// @param chain made anew each time; owned
    RenewableCredentials(Supplier<? extends AwsCredentialsProvider> chain) {
        this.chain = chain;
        this.current = chain.get();
    }

    @Override
    public AwsCredentials resolveCredentials() {
        return current().resolveCredentials();
    }

    private synchronized AwsCredentialsProvider current() {
        return current;
    }

    synchronized void renew() {
        close();
        current = chain.get();
    }

    @Override
    public synchronized void close() {
        if (current instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }
}
