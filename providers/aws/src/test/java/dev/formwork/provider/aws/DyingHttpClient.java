package dev.formwork.provider.aws;

import dev.formwork.provider.tck.SimulatedCrash;

import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

import java.io.IOException;
import java.util.function.Consumer;

/// Lets the engine die below the SDK: before a request is sent, or before its answer is read.
final class DyingHttpClient implements SdkHttpClient {
    private final SdkHttpClient behind;
    private final Consumer<String> steps;

    /// @param steps that are taken, two for each request
    DyingHttpClient(SdkHttpClient behind, int steps) {
        this.behind = behind;
        this.steps = SimulatedCrash.after(steps);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = behind.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                steps.accept("send a request");
                HttpExecuteResponse answer = prepared.call();
                steps.accept("read the answer");
                return answer;
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    @Override
    public String clientName() {
        return behind.clientName();
    }

    @Override
    public void close() {
        behind.close();
    }
}
