package dev.formwork.provider.redfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.redfish.client.Answer;
import dev.formwork.provider.redfish.client.Link;
import dev.formwork.provider.redfish.client.Progress;
import dev.formwork.provider.redfish.client.RedfishService;
import dev.formwork.provider.redfish.client.Resource;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// The client: sessions, pages, tasks, ETags, errors.
class RedfishServiceTest {
    private static final Link SYSTEMS = new Link("/redfish/v1/Systems");
    private static final Link NODE_1 = new Link("/redfish/v1/Systems/node-1");
    private static final String RESET = "/redfish/v1/Systems/node-1/Actions/ComputerSystem.Reset";
    private static final String SESSIONS = "/redfish/v1/SessionService/Sessions";

    private final WithoutNetwork place = new WithoutNetwork(3);

    private static void assertFails(String code, ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(failed -> assertThat(failed.code()).isEqualTo(code));
    }

    @Test
    void makesOneSessionAndEndsIt() {
        try (RedfishService service = place.service()) {
            service.read(NODE_1);
            service.read(SYSTEMS);
            assertThat(place.redfish.sessionIds()).hasSize(1);
            assertThat(place.redfish.asked("POST")).containsExactly(SESSIONS);
        }
        assertThat(place.redfish.sessionIds()).isEmpty();
        assertThat(place.redfish.requests)
                .noneMatch(each -> each.headers().containsKey("authorization"));
    }

    @Test
    void endsASessionOfAServiceThatKnowsItselfByAnotherName() {
        place.redfish.traits.add(InMemoryRedfish.Trait.OTHER_NAME);
        place.redfish.traits.add(InMemoryRedfish.Trait.TASKS);
        try (RedfishService service = place.service()) {
            service.await(
                    service.post(new Link(RESET), Map.of("ResetType", "On")),
                    Duration.ofSeconds(10));
        }
        assertThat(place.redfish.sessionIds()).isEmpty();
        assertThat(place.redfish.look("node-1", system -> system.power)).isEqualTo("On");
    }

    @Test
    void aClosedOneCallsNobody() {
        RedfishService service = place.service();
        service.close();
        service.close();

        assertFails("provider.closed", () -> service.read(NODE_1));
        assertThat(place.redfish.asked("DELETE")).isEmpty();
    }

    @Test
    void renewsASessionThatIsOver() {
        RedfishService service = place.service();
        service.read(NODE_1);
        place.redfish.endSessions();

        assertThat(service.read(NODE_1).text("Id")).contains("node-1");

        assertThat(place.redfish.asked("POST")).containsExactly(SESSIONS, SESSIONS);
    }

    @Test
    void refusesWrongCredentialsAndDoesNotTryThemAgain() {
        assertFails("provider.credentials", () -> place.service("wrong").read(NODE_1));
        assertThat(place.redfish.asked("POST")).hasSize(1);
        place.redfish.traits.add(InMemoryRedfish.Trait.NO_SESSIONS);
        assertFails("provider.credentials", () -> place.service("wrong").read(NODE_1));
    }

    @Test
    void logsOnWithEachCallWhereThereAreNoSessions() {
        place.redfish.traits.add(InMemoryRedfish.Trait.NO_SESSIONS);
        try (RedfishService service = place.service()) {
            assertThat(service.read(NODE_1).text("Id")).contains("node-1");
        }
        assertThat(place.redfish.asked("POST")).isEmpty();
        assertThat(place.redfish.asked("DELETE")).isEmpty();
    }

    @Test
    void logsOnWithEachCallWhereThereIsNoRoomForASession() {
        place.redfish.traits.add(InMemoryRedfish.Trait.ONE_SESSION);
        RedfishService first = place.service();
        first.read(NODE_1);

        assertThat(place.service().read(NODE_1).text("Id")).contains("node-1");
        assertThat(place.redfish.sessionIds()).hasSize(1);
    }

    @Test
    void readsAllPagesOfACollection() {
        place.redfish.withSystems(7).pageSize = 2;

        assertThat(place.service().memberLinks(SYSTEMS))
                .extracting(Link::name)
                .containsExactly(
                        "node-1", "node-2", "node-3", "node-4", "node-5", "node-6", "node-7");
    }

    @Test
    void refusesACollectionWithoutAnEnd() {
        AtomicInteger page = new AtomicInteger();
        place.answering(call ->
                call.uri().getPath().equals("/redfish/v1/Systems")
                        ? Optional.of(
                                new Answer(
                                        200,
                                        Map.of(),
                                        """
                                        {"Members": [], "Members@odata.nextLink": "/redfish/v1/Systems?page=%d"}
                                        """
                                                .formatted(page.incrementAndGet())))
                        : Optional.empty());

        assertFails("redfish.protocol", () -> place.service().memberLinks(SYSTEMS));
        assertFails("redfish.protocol", () -> place.service().members(SYSTEMS));
    }

    @Test
    void waitsForATask() {
        place.redfish.traits.add(InMemoryRedfish.Trait.TASKS);
        RedfishService service = place.service();

        Optional<Link> task = service.post(new Link(RESET), Map.of("ResetType", "On"));

        assertThat(task).isPresent();
        assertThat(place.redfish.look("node-1", system -> system.power)).isEqualTo("Off");
        service.await(task, Duration.ofSeconds(10));
        assertThat(place.redfish.look("node-1", system -> system.power)).isEqualTo("On");
    }

    @Test
    void aTaskThatFailsSaysWhy() {
        place.redfish.updatesFail = true;
        RedfishService service = place.service();
        Optional<Link> task =
                service.post(
                        new Link("/redfish/v1/UpdateService/Actions/UpdateService.SimpleUpdate"),
                        Map.of("ImageURI", "http://images.example/bmc-2.0.img"));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> service.await(task, Duration.ofSeconds(10)))
                .withMessageContaining("in use or in transition")
                .satisfies(failed -> assertThat(failed.code()).isEqualTo("redfish.task-failed"));
    }

    @Test
    void aTaskThatIsForgottenIsDone() {
        assertThat(
                        place.service()
                                .progress(new Link("/redfish/v1/TaskService/TaskMonitors/99"))
                                .state())
                .isEqualTo(Progress.State.DONE);
    }

    @Test
    void aTaskThatNeverEndsIsGivenUp() {
        String path = "/redfish/v1/TaskService/TaskMonitors/7";
        place.answering(path, 202, "{\"TaskState\": \"Running\"}");

        assertFails(
                "provider.timeout",
                () -> place.service().await(Optional.of(new Link(path)), Duration.ofSeconds(30)));
    }

    @Test
    void changesWhatIsStillAsItWasRead() {
        RedfishService service = place.service();
        Resource read = service.read(NODE_1);

        service.patch(read, Map.of("AssetTag", "ours"));

        assertThat(place.redfish.requests)
                .anyMatch(each ->
                        each.method().equals("PATCH") && !each.header("if-match").isEmpty());
        assertThat(place.redfish.look("node-1", system -> system.assetTag)).isEqualTo("ours");
    }

    @Test
    void readsAgainWhatHasChangedMeanwhile() {
        RedfishService service = place.service();
        Resource old = service.read(NODE_1);
        service.patch(service.read(NODE_1), Map.of("LocationIndicatorActive", true));

        service.patch(old, Map.of("AssetTag", "ours"));

        assertThat(place.redfish.look("node-1", system -> system.assetTag)).isEqualTo("ours");
        assertThat(place.redfish.look("node-1", system -> system.located)).isEqualTo("true");
    }

    @Test
    void aWeakETagThatIsRefusedIsSentAsAStrongOne() {
        AtomicInteger weak = new AtomicInteger();
        place.answering(call -> {
            if (call.reads() && call.uri().getPath().equals(NODE_1.path())) {
                return Optional.of(
                        new Answer(
                                200, Map.of("ETag", List.of("W/\"1\"")), "{\"Id\": \"node-1\"}"));
            }
            if (!call.method().equals("PATCH")) {
                return Optional.empty();
            }
            boolean isStrong = "\"1\"".equals(call.headers().get("If-Match"));
            weak.addAndGet(isStrong ? 0 : 1);
            return Optional.of(new Answer(isStrong ? 204 : 412, Map.of(), ""));
        });
        RedfishService service = place.service();

        service.patch(service.read(NODE_1), Map.of("AssetTag", "ours"));

        assertThat(weak).hasPositiveValue();
    }

    @Test
    void saysWhatTheServiceSaysIsWrong() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(
                        () -> place.service().post(new Link(RESET), Map.of("ResetType", "Explode")))
                .withMessageContaining("'Explode'")
                .withMessageContaining("ActionParameterValueNotInList")
                .satisfies(failed -> assertThat(failed.code()).isEqualTo("redfish.refused"));
        assertFails(
                "redfish.missing",
                () -> place.service().read(new Link("/redfish/v1/Systems/none")));
    }

    @Test
    void asksAgainWhenTheServiceSaysSo() {
        AtomicInteger calls = new AtomicInteger();
        place.answering(call ->
                call.uri().getPath().equals(NODE_1.path()) && calls.incrementAndGet() < 3
                        ? Optional.of(new Answer(503, Map.of("Retry-After", List.of("5")), "{}"))
                        : Optional.empty());

        assertThat(place.service().read(NODE_1).text("Id")).contains("node-1");
        assertThat(calls).hasValue(3);
    }

    @Test
    void asksAgainWhereAMessageSaysThatItIsBusy() {
        AtomicInteger calls = new AtomicInteger();
        place.answering(call ->
                call.uri().getPath().equals(RESET) && calls.incrementAndGet() < 2
                        ? Optional.of(
                                new Answer(
                                        400,
                                        Map.of(),
                                        """
                                        {"error": {"code": "x", "@Message.ExtendedInfo": [
                                          {"MessageId": "iLO.2.14.UnableToModifyDuringSystemPOST"}]}}
                                        """))
                        : Optional.empty());

        place.service().post(new Link(RESET), Map.of("ResetType", "On"));

        assertThat(calls).hasValue(2);
    }

    @Test
    void whatMustNotBeDoneTwiceIsSentOnce() {
        AtomicInteger calls = new AtomicInteger();
        place.answering(call -> {
            if (call.uri().getPath().equals(RESET)) {
                calls.incrementAndGet();
                return Optional.of(new Answer(503, Map.of(), "{}"));
            }
            return Optional.empty();
        });

        assertFails(
                "provider.unavailable",
                () -> place.service().postOnce(new Link(RESET), Map.of("ResetType", "On")));
        assertThat(calls).hasValue(1);
    }
}
