package dev.formwork.provider.redfish.client;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.AskLater;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Retries;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// One Redfish service, as DMTF DSP0266 describes it. Thread-safe.
///
/// What its methods throw: `provider.unavailable`, `.timeout`, `.throttled`, `.credentials`,
/// `.interrupted`, `.closed`; `redfish.untrusted`, `.protocol`, `.refused`, `.missing`.
public final class RedfishService implements AutoCloseable {
    /// Where every service begins (DSP0266, "Protocol version").
    private static final Link ROOT = new Link("/redfish/v1/");

    private static final int MOST_MEMBERS = 1000;
    private static final int MOST_PAGES = 100;
    private static final int PRECONDITION_FAILED = 412;
    private static final int UNAUTHORIZED = 401;
    private static final String SESSION_LIMIT = "SessionLimitExceeded";

    private final URI base;
    private final Exchange exchange;
    private final Duration patience;
    private final Retries retries;
    private final Session session;
    private volatile @Nullable Resource root;

    /// @param base scheme, host and port of the service, `https://bmc-7.example`
    /// @param patience for each answer
    /// @param retries of whatever is harmless to repeat
    public RedfishService(
            URI base,
            Credentials credentials,
            Exchange exchange,
            Duration patience,
            Retries retries) {
        this.base = base;
        this.exchange = exchange;
        this.patience = patience;
        this.retries = retries;
        this.session = new Session(credentials, this::createSession);
    }

    /// Host and port, for people.
    public String name() {
        return base.getAuthority();
    }

    /// The service's first resource. Read once: what is in it stays.
    public Resource root() {
        Resource known = root;
        if (known == null) {
            known =
                    Resource.parse(
                            ROOT, base, require(ROOT, "GET", send("GET", ROOT, "", Map.of())));
            root = known;
        }
        return known;
    }

    public Resource read(Link link) {
        return Resource.parse(link, base, require(link, "GET", call("GET", link, "", Map.of())));
    }

    /// Of a collection, over all its pages.
    ///
    /// @throws ProblemException `redfish.protocol` where there is no end of them
    public List<Link> memberLinks(Link collection) {
        Set<Link> members = new LinkedHashSet<>();
        Optional<Link> page = Optional.of(collection);
        for (int pages = 0; page.isPresent(); pages++) {
            Resource read = read(page.get());
            members.addAll(read.links("Members"));
            if (pages > MOST_PAGES || members.size() > MOST_MEMBERS) {
                throw endless(collection);
            }
            page = read.uri("Members@odata.nextLink");
        }
        return List.copyOf(members);
    }

    /// What is in a collection, over all its pages: the members themselves, wherever the service
    /// puts them.
    ///
    /// @throws ProblemException as [#memberLinks]
    public List<Resource> members(Link collection) {
        List<Resource> members = first(collection, MOST_MEMBERS + 1);
        if (members.size() > MOST_MEMBERS) {
            throw endless(collection);
        }
        return members;
    }

    /// The first members of a collection that may be long.
    public List<Resource> first(Link collection, int most) {
        List<Resource> members = new ArrayList<>();
        Optional<Link> page = Optional.of(collection);
        for (int pages = 0; page.isPresent() && members.size() < most; pages++) {
            if (pages > MOST_PAGES) {
                throw endless(collection);
            }
            Resource read = read(page.get());
            for (Resource each : read.parts("Members")) {
                if (members.size() < most) {
                    members.add(each.has("@odata.type") ? each : member(each));
                }
            }
            page = read.uri("Members@odata.nextLink");
        }
        return List.copyOf(members);
    }

    private Resource member(Resource reference) {
        return reference
                .link()
                .map(this::read)
                .orElseThrow(() ->
                        RedfishCode.PROTOCOL.problem(
                                "a member of %s of %s is none".formatted(reference, name()), null));
    }

    private ProblemException endless(Link collection) {
        return RedfishCode.PROTOCOL.problem(
                "the collection %s of %s has no end".formatted(collection, name()),
                "at most %d members are read".formatted(MOST_MEMBERS));
    }

    /// Changes members of a resource, if it is still as it was read. Where it has changed since, it
    /// is read again and the same is asked for: what is asked for are values, not steps.
    ///
    /// @return the task in which the service does it, where it does not do it at once
    public Optional<Link> patch(Resource resource, Map<String, ?> changes) {
        Link link = resource.self();
        String body = Resource.write(changes);
        Answer answer = patch(link, body, resource.etag());
        if (answer.status() == PRECONDITION_FAILED) {
            Optional<String> now = read(link).etag();
            answer = patch(link, body, now);
            // Quirk.WEAK_ETAG
            if (answer.status() == PRECONDITION_FAILED && now.isPresent()) {
                answer = patch(link, body, now.map(tag -> tag.replaceFirst("^W/", "")));
            }
            if (answer.status() == PRECONDITION_FAILED) {
                answer = patch(link, body, Optional.empty());
            }
        }
        return monitor(require(link, "PATCH", answer));
    }

    private Answer patch(Link link, String body, Optional<String> etag) {
        return call("PATCH", link, body, etag.map(tag -> Map.of("If-Match", tag)).orElse(Map.of()));
    }

    /// Does an action.
    ///
    /// @return as [#patch]
    public Optional<Link> post(Link target, Map<String, ?> parameters) {
        return post(target, parameters, refusal -> Optional.empty());
    }

    /// Does an action, in another way where the service refuses the first.
    ///
    /// @param otherwise the parameters to send instead; empty where nothing would help
    /// @return as [#patch]
    public Optional<Link> post(
            Link target,
            Map<String, ?> parameters,
            Function<Refusal, Optional<Map<String, ?>>> otherwise) {
        Answer answer = call("POST", target, Resource.write(parameters), Map.of());
        if (!answer.isSuccess()) {
            Failure failure = Failure.of(answer.status(), body(target, answer));
            Optional<Map<String, ?>> other =
                    otherwise.apply(new Refusal(failure::says, failure::mentions));
            if (other.isPresent()) {
                answer = call("POST", target, Resource.write(other.get()), Map.of());
            }
        }
        return monitor(require(target, "POST", answer));
    }

    /// Why a service does not do an action.
    ///
    /// @param says whether there is a message with this id, without the registry's name
    /// @param mentions whether a message has this text in it
    public record Refusal(Function<String, Boolean> says, Function<String, Boolean> mentions) {}

    /// How far a task is that [#patch] or [#post] began. A task that the service has forgotten is
    /// done: services keep them for a while only.
    public Progress progress(Link monitor) {
        Answer answer = call("GET", monitor, "", Map.of());
        Resource body = body(monitor, answer);
        if (answer.status() == 404 || answer.status() == 410) {
            return new Progress(Progress.State.DONE, Optional.empty(), List.of());
        }
        if (answer.status() == UNAUTHORIZED || answer.status() == 403 || answer.status() >= 500) {
            throw failure(monitor, "GET", answer);
        }
        return Tasks.progress(answer, body);
    }

    /// Begins what is not to be begun twice: a lost answer is not asked for again.
    ///
    /// @return as [#patch]
    public Optional<Link> postOnce(Link target, Map<String, ?> parameters) {
        Session.Proof proof = session.proof();
        String body = Resource.write(parameters);
        Answer answer = once("POST", target, body, with(Map.of(), proof));
        if (answer.status() == UNAUTHORIZED && session.isOver(proof)) {
            answer = once("POST", target, body, with(Map.of(), session.proof()));
        }
        return monitor(require(target, "POST", answer));
    }

    /// Waits until a task is over.
    ///
    /// @param limit after which it is given up
    /// @throws ProblemException as said above, `redfish.task-failed`, `provider.timeout`
    public void await(Optional<Link> monitor, Duration limit) {
        if (monitor.isEmpty()) {
            return;
        }
        Progress end =
                retries.await(
                        "a task of %s ends".formatted(name()),
                        limit,
                        () ->
                                Optional.of(progress(monitor.get()))
                                        .filter(now -> now.state() != Progress.State.RUNNING));
        if (end.state() == Progress.State.FAILED) {
            throw RedfishCode.TASK_FAILED.problem(
                    "a task of %s failed: %s".formatted(name(), String.join("; ", end.messages())),
                    "see the controller's log");
        }
    }

    /// Looks until something holds.
    ///
    /// @param what that is waited for, in words
    /// @throws ProblemException as the look, and `provider.timeout`
    public void awaitThat(String what, Duration limit, BooleanSupplier holds) {
        boolean _ =
                retries.await(
                        what,
                        limit,
                        () -> holds.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /// Ends the session at the service, as far as that is possible. Does not throw.
    @Override
    public void close() {
        session.close().ifPresent(this::endSession);
    }

    private void endSession(Session.Opened opened) {
        try {
            Link link = opened.link().orElseThrow();
            Answer _ = once("DELETE", link, "", with(Map.of(), opened.proof()));
        } catch (ProblemException ignored) {
            // It ends by itself after a while.
        }
    }

    private Optional<Session.Opened> createSession(Map<String, String> body) {
        Optional<Link> sessions = root().link("Links", "Sessions");
        if (sessions.isEmpty()) {
            return Optional.empty();
        }
        Link link = sessions.get();
        Answer answer = send("POST", link, Resource.write(body), Map.of());
        Resource read = body(link, answer);
        Failure failure = Failure.of(answer.status(), read);
        boolean hasNone =
                answer.status() == 404
                        || answer.status() == 405
                        || answer.status() == 501
                        || failure.says(SESSION_LIMIT);
        if (hasNone) {
            return Optional.empty();
        }
        require(link, "POST", answer);
        Optional<String> token = answer.header("x-auth-token").filter(RedfishService::isToken);
        if (token.isEmpty()) {
            throw RedfishCode.PROTOCOL.problem(
                    "%s makes a session and gives no token for it".formatted(name()), null);
        }
        Optional<Link> made =
                answer.header("location").map(Link::ofLocation).or(() -> read.uri("@odata.id"));
        return Optional.of(
                new Session.Opened(new Session.Proof("X-Auth-Token", token.get()), made));
    }

    /// It goes into a header as it is.
    private static boolean isToken(String text) {
        return text.matches("[!-~]{1,2048}");
    }

    private Answer call(String method, Link link, String body, Map<String, String> headers) {
        Session.Proof proof = session.proof();
        Answer answer = send(method, link, body, with(headers, proof));
        if (answer.status() == UNAUTHORIZED && session.isOver(proof)) {
            answer = send(method, link, body, with(headers, session.proof()));
        }
        return answer;
    }

    private static Map<String, String> with(Map<String, String> headers, Session.Proof proof) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(proof.header(), proof.value());
        return all;
    }

    /// Sends it, and again for as long as that may help.
    private Answer send(String method, Link link, String body, Map<String, String> headers) {
        return retries.call(() -> {
            Answer answer = once(method, link, body, headers);
            refuseWhatPasses(link, method, answer);
            return answer;
        });
    }

    /// Throws what may be otherwise the next time.
    private void refuseWhatPasses(Link link, String method, Answer answer) {
        if (answer.isSuccess()) {
            if (!answer.body().isBlank() && !Resource.isJson(answer.body())) {
                throw ProviderCode.UNAVAILABLE.problem(
                        "%s answers %s %s with what is no JSON".formatted(name(), method, link),
                        "is this the address of a management controller?");
            }
            return;
        }
        if (answer.status() < 400
                || Failure.of(answer.status(), body(link, answer)).says(SESSION_LIMIT)) {
            return;
        }
        ProblemException problem = failure(link, method, answer);
        if (ProviderCode.isTransient(problem)) {
            Optional<Long> after = Tasks.retryAfter(answer);
            if (after.isPresent()) {
                throw new AskLater(problem, Duration.ofSeconds(after.get()));
            }
            throw problem;
        }
    }

    private Answer once(String method, Link link, String body, Map<String, String> headers) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put("OData-Version", "4.0");
        all.put("Accept", "application/json");
        if (!body.isEmpty()) {
            all.put("Content-Type", "application/json");
        }
        return exchange.send(new Call(method, base.resolve(link.path()), all, body, patience));
    }

    private Answer require(Link link, String method, Answer answer) {
        if (!answer.isSuccess()) {
            throw failure(link, method, answer);
        }
        return answer;
    }

    private ProblemException failure(Link link, String method, Answer answer) {
        if (answer.status() >= 300 && answer.status() < 400) {
            return RedfishCode.PROTOCOL.problem(
                    "%s sends us elsewhere for %s".formatted(name(), link),
                    "redirections are not followed; give the address that it sends to, if it is right");
        }
        return Failure.of(answer.status(), body(link, answer))
                .problem(name(), method + " " + link, Tasks.retryAfter(answer).orElse(null));
    }

    private Resource body(Link link, Answer answer) {
        return Resource.parseLeniently(link, base, answer);
    }

    private static Optional<Link> monitor(Answer answer) {
        return answer.status() == 202
                ? answer.header("location").map(Link::ofLocation)
                : Optional.empty();
    }
}
