package dev.formwork.provider.aws;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.aws.server.Answers;
import dev.formwork.provider.aws.server.AwsServer;
import dev.formwork.provider.tck.Fault;
import dev.formwork.provider.tck.FaultyHttpServer;
import dev.formwork.provider.tck.HttpService.Request;
import dev.formwork.provider.tck.HttpService.Response;
import dev.formwork.provider.tck.InMemoryRecords;
import dev.formwork.provider.tck.Promise;
import dev.formwork.provider.tck.RecordedPauses;
import dev.formwork.provider.tck.RemoteBench;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// One account of the test's EC2, over HTTP.
final class AwsBench implements RemoteBench {
    static final String IMAGE = "ami-0000000000000002a";
    static final String PARAMETER = "/aws/service/debian/release/12/latest/amd64";
    static final AwsCredentials KEY =
            AwsBasicCredentials.create(AwsServer.KEY_ID, AwsServer.SECRET);

    private static final Duration ANSWER = Duration.ofMillis(500);

    private static final Map<Fault, Function<Request, Response>> WORDS =
            Map.of(
                    Fault.THROTTLED,
                    _ -> Answers.refusal(503, "RequestLimitExceeded", "Request limit exceeded."),
                    Fault.OUT_OF_ORDER,
                    _ -> Answers.refusal(500, "InternalError", "An internal error has occurred"),
                    Fault.CREDENTIALS,
                    _ -> Answers.refusal(403, "UnauthorizedOperation", "You are not authorized"),
                    Fault.QUOTA,
                    _ -> Answers.refusal(400, "VcpuLimitExceeded", "You have requested more"));

    /// Few instances on a page, so that lists have several.
    private final AwsServer place = new AwsServer(Clock.systemUTC(), 3);

    private final FaultyHttpServer server = new FaultyHttpServer(place, WORDS);
    private final RecordedPauses pauses = new RecordedPauses();

    AwsServer place() {
        return place;
    }

    @Override
    public FaultyHttpServer server() {
        return server;
    }

    @Override
    public RecordedPauses pauses() {
        return pauses;
    }

    @Override
    public Provider open(EngineId engine) {
        return open(engine, KEY, Map.of());
    }

    @Override
    public Provider openDying(EngineId engine, int steps) {
        return open(engine, KEY, Map.of(), http -> new DyingHttpClient(http, steps));
    }

    Provider open(EngineId engine, AwsCredentials key, Map<String, Value> more) {
        return open(engine, key, more, http -> http);
    }

    private Provider open(
            EngineId engine,
            AwsCredentials key,
            Map<String, Value> more,
            UnaryOperator<SdkHttpClient> http) {
        ProviderContext context = context(engine, config(more));
        AwsSettings settings = AwsSettings.read(context);
        SdkHttpClient client =
                http.apply(
                        UrlConnectionHttpClient.builder()
                                .connectionTimeout(ANSWER)
                                .socketTimeout(ANSWER)
                                .build());
        return AwsProvider.open(
                context,
                settings,
                new AwsClients(
                        settings,
                        client,
                        new RenewableCredentials(() -> StaticCredentialsProvider.create(key))),
                time -> {
                    pauses.last(time);
                    place.pass();
                });
    }

    /// With the account of the bench as the endpoint.
    Value.Struct config(Map<String, Value> more) {
        Map<String, Value> config = new HashMap<>();
        config.put("region", Value.of(AwsServer.REGION));
        config.put("endpoint", Value.of(server.uri().toString()));
        config.putAll(more);
        return Value.of(config);
    }

    static ProviderContext context(EngineId engine, Value.Struct config) {
        return new ProviderContext(
                "aws",
                engine,
                Path.of("target/no-such-directory"),
                config,
                URI.create("http://127.0.0.1:7474"),
                Optional.empty(),
                List.of(),
                AgentLaunch.java(Path.of("/java"), Path.of("/agent")),
                (request, java) ->
                        "#!/bin/sh\n# token %s java %s\n"
                                .formatted(request.bootToken().reveal(), java.orElse("none")),
                new InMemoryRecords(),
                Clock.systemUTC(),
                new Random());
    }

    @Override
    public List<String> remainsOf(MachineId machine) {
        return place.remains("formwork:machine", machine.value());
    }

    @Override
    public Value.Struct spec() {
        return Value.of(Map.of("image", Value.of(IMAGE), "type", Value.of("t3.micro")));
    }

    @Override
    public Map<Promise, String> deviations() {
        return Map.of(
                Promise.OFFSETS_OF_A_CONSOLE,
                "EC2 gives the last 64 KiB, and does not say how much there was before");
    }

    @Override
    public void close() {
        server.close();
    }
}
