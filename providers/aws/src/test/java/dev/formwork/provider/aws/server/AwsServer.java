package dev.formwork.provider.aws.server;

import dev.formwork.provider.tck.HttpService;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// EC2 and SSM in one account and one region, as far as a provider of machines uses them: takes a
/// request, checks who signed it, gives the answer. It knows nothing of sockets. Thread-safe.
public final class AwsServer implements HttpService {
    public static final String REGION = "eu-central-1";
    public static final String KEY_ID = "AKIDEXAMPLE";
    public static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private static final String JSON_TYPE = "application/x-amz-json-1.1";
    private static final JsonMapper JSON = new JsonMapper();

    private final Ec2Account account;
    private final AccessKeys keys;
    private final List<Exchange> exchanges = new ArrayList<>();
    private final int mostOfAPage;

    /// One request that was let in, and what it was answered.
    public record Exchange(String service, Request request, Response answer) {
        /// The parameters of a request of EC2.
        public Map<String, String> form() {
            return Parameters.of(request.body()).all();
        }
    }

    /// @param mostOfAPage how many instances one answer lists at most
    public AwsServer(Clock clock, int mostOfAPage) {
        this.account = new Ec2Account(clock);
        this.keys = new AccessKeys(REGION, clock);
        this.mostOfAPage = mostOfAPage;
        keys.add(KEY_ID, SECRET);
    }

    @Override
    public synchronized Response answer(Request request) {
        String service = "";
        try {
            service = keys.check(request);
            Response answer = act(service, request);
            exchanges.add(new Exchange(service, request, answer));
            return answer;
        } catch (Refusal refused) {
            Response answer =
                    service.equals("ssm")
                            ? jsonRefusal(refused)
                            : Answers.refusal(refused.status(), refused.code(), refused.words());
            exchanges.add(new Exchange(service, request, answer));
            return answer;
        }
    }

    private Response act(String service, Request request) {
        if (!request.method().equals("POST") || !request.target().toString().equals("/")) {
            throw new Refusal("InvalidAction", "only POST to / is known here");
        }
        return switch (service) {
            case "ec2" -> new Ec2Actions(account, mostOfAPage).act(Parameters.of(request.body()));
            case "ssm" -> parameter(request);
            default -> throw new Refusal(403, "SignatureDoesNotMatch", "not a service: " + service);
        };
    }

    private Response parameter(Request request) {
        if (!request.header("x-amz-target").equals(Optional.of("AmazonSSM.GetParameter"))) {
            throw new Refusal("UnknownOperationException", "only GetParameter is known here");
        }
        JsonNode asked = JSON.readTree(request.body());
        String name = asked.path("Name").asString("");
        String value = account.parameters.get(name);
        if (value == null || asked.size() != 1) {
            throw new Refusal("ParameterNotFound", "");
        }
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("Parameter")
                .put("ARN", "arn:aws:ssm:%s::parameter%s".formatted(REGION, name))
                .put("DataType", "aws:ec2:image")
                .put("LastModifiedDate", 1_790_000_000.5)
                .put("Name", name)
                .put("Type", "String")
                .put("Value", value)
                .put("Version", 7);
        return Response.of(200, JSON_TYPE, answer.toString());
    }

    private static Response jsonRefusal(Refusal refused) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("__type", refused.code()).put("message", refused.words());
        return Response.of(refused.status(), JSON_TYPE, answer.toString());
    }

    /// Everything that was asked since the start, in order.
    public synchronized List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /// The parameters of every request of this action.
    public List<Map<String, String>> requests(String action) {
        return forms().filter(each -> action.equals(each.get("Action"))).toList();
    }

    /// The actions of EC2 that were asked for, in order.
    public List<String> actions() {
        return forms().map(each -> each.getOrDefault("Action", "")).toList();
    }

    private Stream<Map<String, String>> forms() {
        return exchanges().stream()
                .filter(each -> each.service().equals("ec2"))
                .map(Exchange::form);
    }

    /// Credentials that end.
    public void addTemporary(String id, String secret, String sessionToken, Instant expires) {
        keys.addTemporary(id, secret, sessionToken, expires);
    }

    /// From now on a new instance is not seen the first so many times that somebody looks.
    public synchronized void hideNewFor(int looks) {
        account.hidden = looks;
    }

    /// An instance is not seen the next so many times.
    public synchronized void hide(String id, int looks) {
        machine(id).hidden = looks;
    }

    /// Somebody sets a tag by hand.
    public synchronized void tag(String id, String key, String value) {
        machine(id).tags.put(key, value);
    }

    /// An image comes out that is newer than all others of its name.
    public synchronized void publish(String id, String name) {
        account.images.put(
                id,
                new Ec2Account.Image(
                        id,
                        Ec2Account.DEBIAN,
                        name,
                        account.clock.instant(),
                        "x86_64",
                        List.of("/dev/xvda")));
    }

    /// What becomes of an instance without anybody's asking through the API.
    ///
    /// @param state as EC2 words it
    public synchronized void happen(String id, String state, String reason) {
        for (Ec2Machine.State each : Ec2Machine.State.values()) {
            if (each.word().equals(state)) {
                machine(id).enter(each, reason, reason + ": said by the test");
            }
        }
    }

    /// Some time goes by: instances that are to stop, say, stop with the second call. Nothing else
    /// lets them.
    public synchronized void pass() {
        account.machines.values().forEach(Ec2Machine::pass);
    }

    public synchronized void print(String id, byte[] text) {
        machine(id).console.writeBytes(text);
    }

    public synchronized int reboots(String id) {
        return machine(id).reboots;
    }

    /// What the instance's user data says.
    public synchronized String userData(String id) {
        return new String(
                Base64.getDecoder().decode(machine(id).birth.parameter("UserData", "")),
                java.nio.charset.StandardCharsets.UTF_8);
    }

    private Ec2Machine machine(String id) {
        @Nullable Ec2Machine machine = account.machines.get(id);
        if (machine == null) {
            throw new IllegalArgumentException("no instance " + id);
        }
        return machine;
    }

    /// What there still is with this tag: instances, volumes.
    public synchronized List<String> remains(String tag, String value) {
        List<String> remains = new ArrayList<>();
        for (Ec2Machine machine : account.machines.values()) {
            if (machine.state != Ec2Machine.State.TERMINATED
                    && value.equals(machine.tags.get(tag))) {
                remains.add(machine.birth.id() + " " + machine.state.word());
            }
        }
        account.volumes()
                .filter(volume -> value.equals(volume.tags().get(tag)))
                .forEach(volume -> remains.add(volume.toString()));
        return remains;
    }
}
