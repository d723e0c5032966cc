package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The commands against an engine that says what the test wants, over real HTTP.
class ClientIT {
    private static final String DIGEST = "sha256:" + "0".repeat(64);
    private static final String PLAN =
            """
            {"digest": "%s", "cluster": "demo", "kind": "apply", "created_at": "2026-11-21T09:00:00Z",
             "members": [], "modules": [],
             "summary": {"run": 1, "may_run": 0, "unchanged": 0, "undo": 0, "create": 0, "remove": 0,
                         "effects": {"reboot": {"certain": 1, "possible": 0}}, "empty": false},
             "nodes": [{"key": "a@m-0", "action": "step", "decision": "will_run", "reason": "first time",
                        "effects": ["reboot"], "after": [], "machine": "m-0"}]}
            """
                    .formatted(DIGEST);

    @TempDir private Path folder;
    private FakeEngine engine;
    private Sessions formwork;

    @BeforeEach
    void start() throws IOException {
        engine = new FakeEngine(folder.resolve("data")).on("POST /api/v1/plans", PLAN);
        formwork = new Sessions(folder).with("FORMWORK_HOME", folder.resolve("data").toString());
        Files.writeString(folder.resolve("cluster.yaml"), "kind: Cluster\nname: demo\n");
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void tellsByItsExitCodeWhetherSomethingIsToDo() {
        assertThat(formwork.run("plan", "cluster.yaml")).isZero();
        assertThat(formwork.run("plan", "cluster.yaml", "--detailed-exitcode")).isEqualTo(2);
        assertThat(formwork.out()).contains("~ a  m-0  will run: first time", "Effects: 1 reboot.");
        engine.on("POST /api/v1/plans", PLAN.replace("\"empty\": false", "\"empty\": true"));
        assertThat(formwork.run("plan", "cluster.yaml", "--detailed-exitcode")).isZero();
        engine.refuse("POST /api/v1/plans", 422, problem());
        assertThat(formwork.run("plan", "cluster.yaml", "--detailed-exitcode")).isEqualTo(1);
    }

    @Test
    void pressesTheButtonsOfAMachineAndShowsItsConsole() {
        engine.on("POST /api/v1/machines/m-0/power", "{\"machine\": \"m-0\", \"power\": \"on\"}");
        engine.on("GET /api/v1/machines/m-0/power", "{\"machine\": \"m-0\", \"power\": \"lost\"}");
        assertThat(formwork.run("machine", "power", "reset", "m-0")).isZero();
        assertThat(formwork.out()).isEqualTo("m-0 is on\n");
        assertThat(engine.bodies("POST /api/v1/machines/m-0/power"))
                .containsExactly("{\"action\":\"reset\"}");
        assertThat(formwork.run("machine", "power", "show", "m-0", "-o", "json")).isZero();
        assertThat(formwork.out()).contains("\"power\": \"lost\"");
        assertThat(formwork.run("machine", "power", "explode", "m-0")).isEqualTo(64);

        String console = "\u001b[2J\u001b[1;31mno boot device\u001b[0m\r\n\u0007login: ";
        engine.on("GET /api/v1/machines/m-0/console", console);
        assertThat(formwork.run("machine", "console", "m-0")).isZero();
        assertThat(formwork.out()).isEqualTo(console);
        formwork.with("FORMWORK_TTY", "1").with("TERM", "xterm").with("NO_COLOR", "1");
        assertThat(formwork.run("machine", "console", "m-0")).isZero();
        assertThat(formwork.out()).isEqualTo("no boot device\n?login: \n");
    }

    @Test
    void showsTheHardwareOfAMachine() {
        engine.on(
                "GET /api/v1/machines/m-0/inventory",
                """
                {"machine": "m-0", "system": {"kind": "system", "name": "A7", "serial": "SN1"},
                 "parts": [{"kind": "board", "name": "board", "model": "X9\\u001b[2J"}],
                 "firmware": [{"name": "BMC", "version": "9.08"}]}
                """);
        assertThat(formwork.run("machine", "inventory", "m-0")).isZero();
        assertThat(formwork.out())
                .contains("system", "SN1", "X9?[2J", "firmware BMC: 9.08")
                .doesNotContain("\u001b");
        engine.on(
                "GET /api/v1/machines/m-0/sensors",
                """
                {"machine": "m-0", "sensors": [
                 {"name": "Inlet", "value": 21.5, "unit": "C", "health": "ok", "state": ""},
                 {"name": "FAN2", "unit": "", "health": "unknown", "state": "No Reading"}]}
                """);
        assertThat(formwork.run("machine", "sensors", "m-0")).isZero();
        assertThat(formwork.out()).contains("21.5 C", "No Reading");
        engine.on(
                "GET /api/v1/machines/m-0/hardware-events",
                """
                {"machine": "m-0", "events": [{"id": "1", "at": "2026-11-28T15:45:58Z",
                 "source": "PS1", "message": "Failure detected", "health": "critical"}]}
                """);
        assertThat(formwork.run("machine", "events", "m-0")).isZero();
        assertThat(formwork.out()).contains("2026-11-28T15:45:58Z", "Failure detected");
        assertThat(formwork.run("machine", "events", "m-0", "-o", "json")).isZero();
        assertThat(formwork.out()).contains("\"health\": \"critical\"");
        engine.on("POST /api/v1/machines/m-0/identify", "{\"machine\": \"m-0\", \"seconds\": 60}");
        assertThat(formwork.run("machine", "identify", "m-0")).isZero();
        assertThat(formwork.out()).isEqualTo("m-0 blinks for 60 s\n");
        assertThat(engine.bodies("POST /api/v1/machines/m-0/identify"))
                .containsExactly("{\"seconds\":60}");
    }

    @Test
    void saysWhatAMachineBootsFrom() {
        engine.on(
                "POST /api/v1/machines/m-0/media/insert",
                "{\"machine\": \"m-0\", \"image\": \"https://images.example/rescue.iso\"}");
        engine.on("POST /api/v1/machines/m-0/media/eject", "{\"machine\": \"m-0\"}");
        engine.on(
                "POST /api/v1/machines/m-0/boot",
                "{\"machine\": \"m-0\", \"always\": \"network\", \"once\": \"media\"}");
        engine.on("GET /api/v1/machines/m-0/boot", "{\"machine\": \"m-0\", \"always\": \"disk\"}");

        String image = "https://images.example/rescue.iso";
        assertThat(formwork.run("machine", "media", "insert", "m-0", image)).isZero();
        assertThat(formwork.out()).isEqualTo("m-0 has " + image + " in its drive\n");
        assertThat(engine.bodies("POST /api/v1/machines/m-0/media/insert"))
                .containsExactly("{\"image\":\"" + image + "\"}");
        assertThat(formwork.run("machine", "boot", "media", "m-0", "--once")).isZero();
        assertThat(formwork.out())
                .isEqualTo(
                        "m-0 boots from its network, and the next time from its virtual drive\n");
        assertThat(engine.bodies("POST /api/v1/machines/m-0/boot").getFirst())
                .contains("\"device\":\"media\"", "\"once\":true");
        assertThat(formwork.run("machine", "boot", "show", "m-0")).isZero();
        assertThat(formwork.out()).isEqualTo("m-0 boots from its disk\n");
        assertThat(formwork.run("machine", "media", "eject", "m-0")).isZero();
        assertThat(formwork.out()).isEqualTo("m-0 has nothing in its drive\n");
        assertThat(formwork.run("machine", "media", "insert", "m-0")).isEqualTo(64);
        assertThat(formwork.run("machine", "media", "eject", "m-0", image)).isEqualTo(64);
        assertThat(formwork.run("machine", "boot", "tape", "m-0")).isEqualTo(64);
    }

    @Test
    void replacesTheFirmwareOfAMachine() {
        engine.on(
                "GET /api/v1/machines/m-0/firmware",
                """
                {"machine": "m-0", "components": [{"id": "BMC", "name": "BMC firmware",
                 "version": "1.0\\u001b[2J", "updateable": true}]}
                """);
        assertThat(formwork.run("machine", "firmware", "show", "m-0")).isZero();
        assertThat(formwork.out()).contains("BMC firmware", "1.0?[2J", "yes");
        engine.on(
                "POST /api/v1/machines/m-0/firmware/update",
                """
                {"machine": "m-0", "id": "/redfish/v1/Tasks/1", "state": "running", "percent": 10,
                 "messages": []}
                """);
        String image = "http://images.example/bmc-2.img";
        assertThat(
                        formwork.run(
                                "machine",
                                "firmware",
                                "update",
                                "m-0",
                                image,
                                "--component",
                                "BMC"))
                .isZero();
        assertThat(formwork.out()).isEqualTo("update /redfish/v1/Tasks/1 of m-0: running, 10 %\n");
        assertThat(engine.bodies("POST /api/v1/machines/m-0/firmware/update"))
                .containsExactly("{\"image\":\"" + image + "\",\"components\":[\"BMC\"]}");
        engine.on(
                "GET /api/v1/machines/m-0/firmware/update",
                """
                {"machine": "m-0", "id": "/redfish/v1/Tasks/1", "state": "failed",
                 "messages": ["The image is damaged"]}
                """);
        assertThat(formwork.run("machine", "firmware", "progress", "m-0", "/redfish/v1/Tasks/1"))
                .isEqualTo(1);
        assertThat(formwork.out()).contains("failed\n", "  The image is damaged\n");
        assertThat(formwork.run("machine", "firmware", "update", "m-0")).isEqualTo(64);
        assertThat(formwork.run("machine", "firmware", "show", "m-0", image)).isEqualTo(64);
    }

    /// What is a text there is sent as one, whatever it looks like.
    @Test
    void setsTheBiosOfAMachine() {
        engine.on(
                "GET /api/v1/machines/m-0/bios",
                """
                {"machine": "m-0", "current": {"Turbo": true, "Nodes": 2, "Retries": "3"},
                 "pending": {}}
                """);
        engine.on(
                "POST /api/v1/machines/m-0/bios",
                """
                {"machine": "m-0", "current": {"Turbo": true, "Nodes": 2, "Retries": "3"},
                 "pending": {"Nodes": 4, "Retries": "5"}}
                """);
        assertThat(formwork.run("machine", "bios", "set", "m-0", "Nodes=4", "Retries=5")).isZero();
        assertThat(formwork.out()).containsPattern("Nodes +2 +4").containsPattern("Retries +3 +5");
        assertThat(engine.bodies("POST /api/v1/machines/m-0/bios"))
                .containsExactly("{\"set\":{\"Nodes\":4,\"Retries\":\"5\"}}");
        assertThat(formwork.run("machine", "bios", "show", "m-0", "-o", "json")).isZero();
        assertThat(formwork.out()).contains("\"Turbo\": true");
        assertThat(formwork.run("machine", "bios", "set", "m-0")).isEqualTo(64);
        assertThat(formwork.run("machine", "bios", "show", "m-0", "Nodes=4")).isEqualTo(64);
    }

    @Test
    void showsWhatBootServersSee() {
        engine.on(
                "GET /api/v1/boot/reports",
                """
                {"items": [{"server": "site-b", "code": "dhcp.rogue-server", "subject": "10.0.0.9",
                 "detail": "another DHCP server, 10.0.0.9\\u001b[2J", "count": 3,
                 "first": "2026-01-01T00:00:00Z", "last": "2026-01-01T00:02:00Z"}]}
                """);

        assertThat(formwork.run("boot", "status")).isZero();
        assertThat(formwork.out())
                .startsWith(
                        "dhcp.rogue-server  another DHCP server, 10.0.0.9?[2J\n  seen by site-b, ")
                .endsWith(", 3 times\n");
        assertThat(formwork.run("boot", "status", "-o", "json")).isZero();
        assertThat(formwork.out()).contains("\"subject\": \"10.0.0.9\"");
        assertThat(formwork.run("boot")).isEqualTo(64);
        assertThat(formwork.err()).contains("a FILE to serve, or status");
    }

    /// What a machine that nobody knows says of itself, and words of the engine that hold it.
    @Test
    void noTextOfAMachineCommandsTheTerminal() {
        String hostile = "\\u001b[2J\\u009b31m\\u0007\\r\\u007f\\u202e'; reboot";
        String machine =
                """
                {"id": "m-1", "name": "node-123456", "state": "held", "incarnation": 1,
                 "address": "%1$s", "registered": true, "held": [{"code": "0123-4567",
                 "at": "2026-11-21T09:00:00Z"}], "hardware": {"macs": [], "serial": "%1$s"},
                 "facts": {"hostname": "%1$s", "%1$s": {"product": "%1$s"},
                 "system": {"manufacturer": "%1$s", "serial": "a\\n%1$s"}}}
                """
                        .formatted(hostile);
        engine.on("GET /api/v1/machines", "{\"items\": [" + machine + "]}");
        engine.on("GET /api/v1/machines/node-123456", machine);
        engine.on(
                "GET /api/v1/boot/reports",
                """
                {"items": [{"server": "%1$s", "code": "dhcp.rogue-server", "subject": "%1$s",
                 "detail": "%1$s", "count": 3,
                 "first": "2026-01-01T00:00:00Z", "last": "2026-01-01T00:02:00Z"}]}
                """
                        .formatted(hostile));
        engine.on("GET /api/v1/runs/r-1", FakeEngine.run("running"));
        engine.on(
                "GET /api/v1/runs/r-1/nodes",
                "{\"items\": [{\"key\": \"a@m-0\", \"action\": \"step\", \"machine\": \"m-0\","
                        + " \"state\": \"blocked\", \"attempt\": 0}]}");
        engine.on(
                "GET /api/v1/runs/r-1/nodes/a%40m-0/explain",
                """
                {"key": "a@m-0", "state": "blocked", "reason": "%1$s", "hint": "%1$s",
                 "chain": [{"subject": "%1$s", "state": "failed", "reason": "%1$s"}]}
                """
                        .formatted(hostile));
        engine.refuse(
                "POST /api/v1/machines/node-123456/approve",
                409,
                """
                {"code": "machine.which-boot", "detail": "%1$s", "problems": [{"code":
                 "machine.which-boot", "detail": "%1$s", "hint": "%1$s"}]}
                """
                        .formatted(hostile));

        printsNoControls(0, "machines");
        printsNoControls(0, "machines", "node-123456");
        assertThat(formwork.out()).contains("reboot");
        printsNoControls(0, "boot", "status");
        printsNoControls(1, "machine", "approve", "node-123456");
        assertThat(formwork.err()).contains("machine.which-boot: ?[2J?31m");
        printsNoControls(0, "explain", "r-1", "a@m-0");
        assertThat(formwork.out()).contains("because ?[2J?31m");
        for (String format : new String[] {"json", "yaml"}) {
            printsNoControls(0, "machines", "-o", format);
            printsNoControls(0, "boot", "status", "-o", format);
            printsNoControls(1, "machine", "approve", "node-123456", "-o", format);
        }
    }

    private void printsNoControls(int exitCode, String... arguments) {
        assertThat(formwork.run(arguments)).as(formwork.err()).isEqualTo(exitCode);
        assertThat(formwork.out() + formwork.err())
                .as(String.join(" ", arguments))
                .isNotEmpty()
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\n]]");
    }

    @Test
    void printsAPlanAsTheApiHasIt() {
        assertThat(formwork.run("plan", "cluster.yaml", "-o", "json", "--out", "p.json")).isZero();
        assertThat(formwork.out()).contains("\"summary\": {", "\"run\": 1", "\"may_run\": 0");
        assertThat(folder.resolve("p.json")).hasContent(formwork.out());
    }

    @Test
    void printsTheEnginesProblemsWithTheirPlaces() {
        engine.refuse("POST /api/v1/plans", 422, problem());
        assertThat(formwork.run("plan", "cluster.yaml")).isEqualTo(1);
        assertThat(formwork.err())
                .isEqualTo(
                        """
                        cluster.yaml:3:1: module.unknown: there is no workflow x
                            hint: did you mean y?
                        error: cluster.busy: another run is under way
                        """);
    }

    @Test
    void appliesNothingThatNobodyApproved() {
        assertThat(formwork.run("apply", "cluster.yaml")).isEqualTo(1);
        assertThat(formwork.err()).contains("cli.needs-approval", "--yes");
        assertThat(engine.calls()).noneMatch(call -> call.contains("approve"));
    }

    @Test
    void saysWhatFailedWhereAndWhatToDo() {
        ended("failed");
        engine.on(
                "GET /api/v1/runs/r-1/nodes",
                """
                {"items": [{"key": "a@m-0", "action": "step", "machine": "m-0", "state": "failed",
                 "attempt": 1, "phase": 1, "job": "j-1", "reason": "the script ended with 7"}]}
                """);
        engine.on("GET /api/v1/runs/r-1/nodes/a%40m-0/log", "first\nno space\u001b[2J left\n");
        assertThat(formwork.run("apply", "cluster.yaml", "--yes")).isEqualTo(3);
        assertThat(formwork.out())
                .contains("Failed: a on machine m-0", "the script ended with 7")
                .contains("  | no space?[2J left")
                .contains("formwork logs r-1 a@m-0", "formwork retry r-1");
    }

    @Test
    void endsWellWithTheRun() {
        ended("succeeded");
        engine.on("GET /api/v1/runs/r-1/nodes", "{\"items\": []}");
        assertThat(formwork.run("apply", "cluster.yaml", "--yes", "-o", "json")).isZero();
        assertThat(formwork.out()).contains("\"state\": \"succeeded\"");
        assertThat(engine.calls())
                .contains("POST /api/v1/plans/" + DIGEST.replace(":", "%3A") + "/approve");
    }

    @Test
    void leavesARunThatAsksAPerson() {
        String run = run("running").replace("\"nodes\"", "\"questions\": [\"a@m-0\"], \"nodes\"");
        engine.on("POST /api/v1/runs", run).on("GET /api/v1/runs/r-1", run);
        engine.on("POST /api/v1/plans/" + DIGEST.replace(":", "%3A") + "/approve", "{}");
        engine.events(": still here")
                .on(
                        "GET /api/v1/runs/r-1/nodes",
                        """
                        {"items": [{"key": "a@m-0", "action": "step", "state": "waiting", "attempt": 1,
                         "phase": 1, "reason": "lost", "question": "did_it_happen"}]}
                        """);
        assertThat(formwork.run("apply", "cluster.yaml", "--yes")).isEqualTo(4);
        assertThat(formwork.out()).contains("waits for a person", "--happened", "--not-happened");
    }

    @Test
    void startsARunOnItsTerms() {
        ended("succeeded");
        engine.on("GET /api/v1/runs/r-1/nodes", "{\"items\": []}");
        assertThat(
                        formwork.run(
                                "apply",
                                "cluster.yaml",
                                "--yes",
                                "--priority",
                                "-7",
                                "--timeout",
                                "1h30m"))
                .isZero();
        assertThat(engine.bodies("POST /api/v1/runs"))
                .singleElement()
                .asString()
                .contains("\"priority\":-7", "\"timeout_seconds\":5400");
        assertThat(formwork.run("apply", "cluster.yaml", "--yes", "--timeout", "soon"))
                .isEqualTo(1);
        assertThat(formwork.err()).contains("cli.bad-value", "1h30m");
    }

    @Test
    void pausesResumesSkipsAndCancels() {
        engine.on("GET /api/v1/runs/r-1", run("running"))
                .on("POST /api/v1/runs/r-1/pause", run("paused"))
                .on("POST /api/v1/runs/r-1/resume", run("running"))
                .on("POST /api/v1/runs/r-1/cancel", run("cancelling"))
                .on(
                        "GET /api/v1/runs/r-1/nodes",
                        """
                        {"items": [{"key": "a@m-0", "action": "step", "state": "failed", "attempt": 1,
                         "phase": 1, "reason": "lost"}]}
                        """)
                .on(
                        "POST /api/v1/runs/r-1/nodes/a%40m-0/skip",
                        """
                        {"key": "a@m-0", "action": "step", "state": "skipped", "attempt": 1,
                         "phase": 1, "reason": "skipped by me: spare"}
                        """);
        assertThat(formwork.run("pause", "r-1", "--reason", "lunch")).isZero();
        assertThat(formwork.out()).contains("Run r-1 is paused", "formwork resume r-1");
        assertThat(formwork.run("resume", "r-1")).isZero();
        assertThat(formwork.run("skip", "r-1", "a", "--reason", "spare")).isZero();
        assertThat(formwork.out()).contains("a@m-0 is skipped.");
        assertThat(formwork.run("skip", "r-1", "a")).isEqualTo(64);
        assertThat(formwork.run("cancel", "r-1")).isZero();
        assertThat(formwork.run("cancel", "r-1", "--now")).isZero();
        assertThat(engine.bodies("POST /api/v1/runs/r-1/pause"))
                .containsExactly("{\"reason\":\"lunch\"}");
        assertThat(engine.bodies("POST /api/v1/runs/r-1/nodes/a%40m-0/skip"))
                .containsExactly("{\"reason\":\"spare\"}");
        assertThat(engine.bodies("POST /api/v1/runs/r-1/cancel"))
                .containsExactly("{}", "{\"now\":true}");
    }

    @Test
    void readsWhatIsNoAnswerOfAnEngine() {
        engine.on("GET /api/v1/runs", "<html>");
        assertThat(formwork.run("runs")).isEqualTo(1);
        engine.refuse("GET /api/v1/runs", 502, "<html>bad gateway</html>");
        assertThat(formwork.run("runs")).isEqualTo(1);
        assertThat(formwork.err()).contains("cli.bad-answer", "502");
    }

    private void ended(String state) {
        engine.on("POST /api/v1/plans/" + DIGEST.replace(":", "%3A") + "/approve", "{}");
        engine.on("POST /api/v1/runs", run("running")).on("GET /api/v1/runs/r-1", run(state));
        engine.events(": still here");
    }

    private static String run(String state) {
        return """
        {"id": "r-1", "cluster": "demo", "kind": "apply", "plan": "%s", "state": "%s",
         "requested_by": "me", "reason": "", "created_at": "2026-11-21T09:00:00Z",
         "nodes": {"%s": 1}}
        """
                .formatted(DIGEST, state, state);
    }

    private static String problem() {
        return """
        {"type": "about:blank", "title": "Unprocessable", "status": 422,
         "code": "module.unknown", "detail": "there is no workflow x", "problems": [
          {"code": "module.unknown", "detail": "there is no workflow x", "hint": "did you mean y?",
           "location": {"file": "cluster.yaml", "line": 3, "column": 1}},
          {"code": "cluster.busy", "detail": "another run is under way"}]}
        """;
    }
}
