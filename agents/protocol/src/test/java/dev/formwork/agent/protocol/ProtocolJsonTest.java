package dev.formwork.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// The words on the wire, as docs/agent-protocol.md has them.
final class ProtocolJsonTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    private static final String JOB =
            """
            {"id": "j-1", "token": 7, "attempt": 1, "phase": 1, "mode": "check-then-run",
             "run": "r-1", "cluster": "demo", "step": "member", "item": null,
             "module": {"name": "etcd/member", "version": "1.0.0", "digest": "%s"},
             "runner": "shell",
             "script": {"path": "scripts/start.sh"},
             "check": {"inline": "exit 0"},
             "inputs": {"client_port": 2379, "ca_key": "secret"}, "secrets": ["ca_key"],
             "outputs": {"client_url": {"type": "string"}},
             "timeoutSeconds": 120, "graceSeconds": 10,
             "limits": {"logBytes": 16777216, "outputBytes": 1048576},
             "fromANewerEngine": {"a": [1]}}
            """
                    .formatted(DIGEST);

    @Test
    void readsTheJobOfTheContract() {
        Job job = read(JOB, Job.class);

        assertThat(job.id()).isEqualTo(new JobId("j-1"));
        assertThat(job.token()).isEqualTo(7);
        assertThat(job.mode()).isEqualTo(JobMode.CHECK_THEN_RUN);
        assertThat(job.item()).isNull();
        assertThat(job.module().digest().value()).isEqualTo(DIGEST);
        assertThat(job.script()).isEqualTo(new ScriptRef.FromFile("scripts/start.sh"));
        assertThat(job.check()).isEqualTo(new ScriptRef.Inline("exit 0"));
        assertThat(job.inputs()).containsOnlyKeys("client_port", "ca_key");
        assertThat(job.limits()).isEqualTo(new JobLimits(16777216, 1048576));
        assertThat(job.logOffset()).isZero();
    }

    @Test
    void writesAJobAsItReadsIt() {
        Job job = read(JOB, Job.class);

        assertThat(ProtocolJson.read(ProtocolJson.write(job), Job.class)).isEqualTo(job);
    }

    @Test
    void writesWireNames() {
        Report report =
                new Report(7, 1, Outcome.DOES_NOT_HOLD, 1, null, null, Map.of(), 812, "b-1");

        assertThat(text(ProtocolJson.write(report)))
                .isEqualTo(
                        "{\"token\":7,\"phase\":1,\"outcome\":\"does-not-hold\",\"exitCode\":1,"
                                + "\"code\":null,\"detail\":null,\"outputs\":{},\"logBytes\":812,"
                                + "\"bootId\":\"b-1\"}");
        assertThat(text(ProtocolJson.write(new ScriptRef.Inline("x"))))
                .isEqualTo("{\"inline\":\"x\"}");
        assertThat(text(ProtocolJson.write(new RunningJob(new JobId("j-1"), 7))))
                .isEqualTo("{\"job\":\"j-1\",\"token\":7}");
    }

    @Test
    void readsTheFactsOfTheContract() {
        Facts facts =
                read(
                        """
                        {"hostname": "n", "address": "127.1.0.2",
                         "os": {"id": "debian", "version": "12", "kernel": "6.1.0"},
                         "cpu": {"architecture": "amd64", "count": 2, "model": "m"},
                         "memory": {"bytes": 25165824},
                         "disks": [{"name": "vda", "bytes": 270582939648, "rotational": false}],
                         "nics": [{"name": "eth0", "mac": "52:54:00:00:00:01",
                                   "addresses": ["10.0.0.2"]}],
                         "virtualization": "kvm"}
                        """,
                        Facts.class);

        assertThat(facts.disks()).containsExactly(new Facts.Disk("vda", 270582939648L, false));
        assertThat(ProtocolJson.read(ProtocolJson.write(facts), Facts.class)).isEqualTo(facts);
    }

    @Test
    void takesListsThatAreMissingForEmpty() {
        assertThat(read("{}", Polled.class)).isEqualTo(new Polled(List.of(), List.of(), List.of()));
    }

    @Test
    void readsWhatAnOlderEngineSaysWithoutItsNeighbours() {
        String older = "{'machineId':'m-1','machineName':'n','engineId':'e-1','pollSeconds':30";

        assertThat(read((older + "}").replace('\'', '"'), Registered.class))
                .isEqualTo(new Registered("m-1", "n", "e-1", 30, List.of()));
        assertThat(
                        read(
                                (older + ",'engines':['https://a','https://b']}")
                                        .replace('\'', '"'),
                                Registered.class))
                .isEqualTo(
                        new Registered("m-1", "n", "e-1", 30, List.of("https://a", "https://b")));
    }

    @Test
    void refusesWhatIsNotAsTheContractSays() {
        for (String wrong :
                List.of(
                        "",
                        "null",
                        "[]",
                        "{",
                        "{} {}",
                        JOB.replace("\"token\": 7", "\"token\": \"7\""),
                        JOB.replace("\"token\": 7", "\"token\": 7.5"),
                        JOB.replace("\"token\": 7", "\"token\": null"),
                        JOB.replace("\"token\": 7,", ""),
                        JOB.replace("\"token\": 7", "\"token\": 7, \"token\": 8"),
                        JOB.replace("\"id\": \"j-1\"", "\"id\": \"../j\""),
                        JOB.replace("\"id\": \"j-1\"", "\"id\": {}"),
                        JOB.replace("check-then-run", "dance"),
                        JOB.replace("sha256:", "md5:"),
                        JOB.replace("scripts/start.sh", "../../etc/passwd"),
                        JOB.replace("{\"inline\": \"exit 0\"}", "{}"),
                        JOB.replace("{\"inline\": \"exit 0\"}", "null"),
                        JOB.replace("\"client_url\"", "\"../client_url\""),
                        JOB.replace("\"timeoutSeconds\": 120", "\"timeoutSeconds\": -1"),
                        JOB.replace("2379", "[".repeat(200) + "]".repeat(200)))) {
            assertThatExceptionOfType(ProtocolException.class)
                    .as(wrong)
                    .isThrownBy(() -> read(wrong, Job.class))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("protocol.malformed"));
        }
    }

    @Test
    void namesThePlaceButNeverTheText() {
        String wrong = JOB.replace("\"logBytes\": 16777216", "\"logBytes\": \"hunter2\"");

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> read(wrong, Job.class))
                .satisfies(e ->
                        assertThat(e.detail())
                                .contains("/limits/logBytes")
                                .doesNotContain("hunter2"));
    }

    @Test
    void printsNoSecrets() {
        Facts facts =
                new Facts(
                        "n",
                        null,
                        new Facts.Os(null, null, null),
                        new Facts.Cpu("amd64", 1, null),
                        new Facts.Memory(1),
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        null);

        assertThat(new Register("hunter2", "hunter3", "1", "b", facts).toString())
                .doesNotContain("hunter");
        assertThat(read(JOB, Job.class).toString()).doesNotContain("secret");
    }

    /// The engine reads facts as they come; an agent reads none. So each may know more than the
    /// other.
    @Test
    void readsTheFactsOfAgentsThatAreOlderAndNewer() {
        String older =
                "{\"hostname\": \"n\", \"os\": {}, \"cpu\": {\"architecture\": \"amd64\","
                        + " \"count\": 1}, \"memory\": {\"bytes\": 1}";

        assertThat(read(older + "}", Facts.class).system()).isNull();
        assertThat(
                        read(
                                        older
                                                + ", \"system\": {\"board\": \"i-1\", \"new\": 1},"
                                                + " \"more\": []}",
                                        Facts.class)
                                .system())
                .isEqualTo(new Facts.Dmi(null, null, null, null, "i-1", null));
    }

    @Test
    void readsThePollOfAnAgentThatDoesNotCountThem() {
        String old = "{\"agentVersion\": \"1\", \"bootId\": \"b\", \"waitSeconds\": 30}";

        assertThat(read(old, Poll.class)).isEqualTo(new Poll("1", "b", null, List.of(), 30));
        assertThat(
                        text(
                                ProtocolJson.write(
                                        new Poll(
                                                "1",
                                                "b",
                                                new PollNumber("p-1", 7),
                                                List.of(),
                                                30))))
                .contains("\"number\":{\"process\":\"p-1\",\"count\":7}");
    }

    @Test
    void keepsTheOrderOfInputs() {
        Job job = read(JOB.replace("\"client_port\"", "\"z\": 1, \"client_port\""), Job.class);

        assertThat(job.inputs().keySet()).containsExactly("z", "client_port", "ca_key");
    }

    private static <T> T read(String json, Class<T> type) {
        return ProtocolJson.read(json.getBytes(StandardCharsets.UTF_8), type);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
