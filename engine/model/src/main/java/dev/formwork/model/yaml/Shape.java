package dev.formwork.model.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Every mapping with fixed keys that the loader knows. The published JSON Schemas have a
/// definition of the same name for each, and a test holds their keys against these.
@SuppressWarnings("ImmutableEnumChecker") // the lists are copies
enum Shape {
    TASK(
            List.of("kind", "name", "version", "run"),
            List.of(
                    "summary",
                    "provides",
                    "inputs",
                    "outputs",
                    "effects",
                    "repeat",
                    "runner",
                    "container",
                    "ansible",
                    "terraform",
                    "check",
                    "undo",
                    "timeout")),
    WORKFLOW(
            List.of("kind", "name", "version", "steps"),
            List.of(
                    "summary",
                    "provides",
                    "requires",
                    "groups",
                    "inputs",
                    "outputs",
                    "timeout",
                    "on_failure")),
    INTERFACE(List.of("kind", "name"), List.of("version", "summary", "inputs", "outputs")),
    BOOT_ENVIRONMENT(
            List.of("kind", "name", "version", "kernel"),
            List.of("summary", "inputs", "initrds", "arguments", "files", "installs")),
    BOOT_FILE(List.of(), List.of("file", "text", "json")),
    CLUSTER(List.of("kind", "name", "workflow"), List.of("groups", "profiles", "bind", "with")),
    PROFILE(List.of("kind", "name", "values"), List.of("summary")),
    POOL(List.of("kind", "name"), List.of("where", "make", "clean")),
    CLEAN(List.of("run"), List.of()),
    MAKE(List.of("provider", "most"), List.of("machine", "keep")),
    PACK(List.of("kind", "name", "version"), List.of("summary", "defaults")),
    BOOT_SERVER(
            List.of("kind", "image"),
            List.of(
                    "ignition",
                    "http",
                    "links",
                    "http_port",
                    "proxy",
                    "programs",
                    "subnets",
                    "ask",
                    "strangers",
                    "engines",
                    "arguments",
                    "mirrors",
                    "known_servers")),
    SUBNET(
            List.of("network"),
            List.of("ranges", "routers", "name_servers", "domain", "lease", "reservations")),
    RESERVATION(List.of("mac", "address"), List.of("name")),
    STEP(
            List.of("uses"),
            List.of(
                    "on",
                    "groups",
                    "with",
                    "bind",
                    "when",
                    "for_each",
                    "needs",
                    "retry",
                    "until",
                    "timeout",
                    "strategy",
                    "on_failure",
                    "partial",
                    "parallel",
                    "mutex")),
    FOR_EACH(List.of("in"), List.of("max")),
    RETRY(List.of("times"), List.of("delay")),
    ON_FAILURE(List.of("run"), List.of()),
    UNTIL(List.of("condition", "max"), List.of("delay")),
    STRATEGY(List.of("max_parallel"), List.of("canary", "max_failures", "gate", "when")),
    MUTEX(List.of("name"), List.of("max")),
    CONTAINER(List.of(), List.of("image", "archive", "allow_tags", "command", "network", "mounts")),
    ANSIBLE(
            List.of(),
            List.of(
                    "inventory",
                    "groups",
                    "private_key",
                    "known_hosts",
                    "vault_password",
                    "tags",
                    "skip_tags",
                    "diff")),
    TERRAFORM(List.of(), List.of("binary", "backend", "state", "workspace", "targets")),
    CALL(
            List.of("url"),
            List.of(
                    "method", "headers", "body", "json", "expect", "match", "outputs", "ca",
                    "timeout")),
    ANSWER_HEADER(List.of("header"), List.of()),
    DOWNLOAD(List.of("url", "sha256"), List.of()),
    MOUNT(List.of("path"), List.of("at", "read_only")),
    SCRIPT(List.of(), List.of("file", "inline")),
    GROUP(
            List.of(),
            List.of(
                    "count",
                    "provider",
                    "machine",
                    "place",
                    "on_quota",
                    "prefer",
                    "machines",
                    "pool",
                    "where",
                    "profiles",
                    "bind",
                    "with")),
    PLACE(List.of("provider"), List.of("machine", "weight", "most", "when")),
    PRICES(List.of("kind", "currency", "prices"), List.of()),
    PRICE(List.of("provider", "per_hour"), List.of("machine")),
    TEST(List.of("name", "expect"), List.of("kind", "machines", "bind", "with")),
    MACHINES(List.of("count"), List.of("standing")),
    EXPECT(List.of(), List.of("nodes", "order", "effects", "outcome", "outputs", "log")),
    LOG(List.of(), List.of("contains", "matches")),
    /// A schema within a schema.
    JSON_SCHEMA(List.of(), SchemaKeyword.names()),
    INPUT(List.of(), SchemaKeyword.namesAnd("secret", "on_change")),
    OUTPUT(List.of(), SchemaKeyword.namesAnd("secret")),
    /// An output of a workflow, in its long form.
    RESULT(List.of("value"), SchemaKeyword.namesAnd("secret"));

    private final List<String> required;
    private final List<String> keys;

    Shape(List<String> required, List<String> optional) {
        this.required = required;
        List<String> all = new ArrayList<>(required);
        all.addAll(optional);
        this.keys = List.copyOf(all);
    }

    List<String> required() {
        return required;
    }

    /// All keys, the required ones first.
    List<String> keys() {
        return keys;
    }

    /// The name of its definition in the JSON Schemas: `for-each`.
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
