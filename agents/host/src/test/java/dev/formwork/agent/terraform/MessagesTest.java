package dev.formwork.agent.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Lines as Terraform's machine-readable UI has them.
class MessagesTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Messages messages =
            new Messages(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    private String log() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private TerraformException failure() {
        return messages.failure("terraform.not-applied", "apply ended with 1", "tofu");
    }

    @Test
    void showsMessagesAsPeopleReadThem() {
        messages.line(
                "{\"@level\":\"info\",\"@message\":\"a.b: Creating...\",\"type\":\"apply_start\"}");
        messages.line(
                "{\"@level\":\"info\",\"@message\":\"new\",\"type\":\"made_up_later\",\"more\":[]}");
        messages.line("what a provider says");
        messages.line("{\"no\": \"message\"}");
        messages.line("{\"@message\": \"cut o");
        assertThat(log())
                .isEqualTo(
                        """
                        a.b: Creating...
                        new
                        what a provider says
                        {"no": "message"}
                        {"@message": "cut o
                        """);
        assertThat(failure().detail()).isEqualTo("apply ended with 1");
    }

    @Test
    void keepsTheFirstErrorAndCountsTheOthers() {
        messages.line(
                """
                {"@level":"warn","@message":"Warning: Old","type":"diagnostic","diagnostic":{"severity":"warning","summary":"Old","detail":""}}\
                """);
        assertThat(failure().detail()).as("a warning is none").isEqualTo("apply ended with 1");
        messages.line(
                """
                {"@level":"error","@message":"Error: no quota","type":"diagnostic","diagnostic":{"severity":"error","summary":"no quota",\
                "detail":"Ask for more.\\nOr less.","address":"a.b[0]","range":{"filename":"main.tf","start":{"line":7,"column":1,"byte":90},\
                "end":{"line":7,"column":9,"byte":98}}}}\
                """);
        assertThat(failure().detail()).isEqualTo("a.b[0]: no quota");
        assertThat(failure().code()).isEqualTo("terraform.not-applied");
        messages.line("Error: another");
        assertThat(failure().detail()).isEqualTo("a.b[0]: no quota; and 1 more in the log");
        assertThat(log())
                .isEqualTo(
                        """
                        Warning: Old
                        Error: no quota (a.b[0])
                          at main.tf:7
                          Ask for more.
                          Or less.
                        Error: another
                        """);
    }

    @Test
    void findsTheErrorInPlainLines() {
        messages.line("\u2577");
        messages.line("\u2502 Error: Unsupported backend type");
        assertThat(failure().detail()).isEqualTo("Unsupported backend type");
    }

    @Test
    void saysWhoHasTheLock() {
        messages.line(
                """
                {"@level":"error","@message":"Error: Error acquiring the state lock","type":"diagnostic","diagnostic":{"severity":"error",\
                "summary":"Error acquiring the state lock","detail":"Error message: taken\\nLock Info:\\n  ID:        2f1e\\n  Path:      s\\n\
                  Operation: OperationTypeApply\\n  Who:       ann@desk\\n  Version:   1.9.0\\n  Created:   2026-01-01 00:00:00 UTC\\n  Info:      \\n"}}\
                """);
        assertThat(failure().code()).isEqualTo("terraform.locked");
        assertThat(failure().detail())
                .isEqualTo(
                        "the state is locked: ID 2f1e, by ann@desk since 2026-01-01 00:00:00 UTC;"
                                + " where nobody works on it any more: tofu force-unlock 2f1e");
    }

    @Property
    void takesAnyLine(@ForAll String text, @ForAll boolean isObject) {
        Messages any = new Messages(new PrintStream(new ByteArrayOutputStream()));
        assertThatCode(() -> any.line(isObject ? "{\"@message\": " + text : text))
                .doesNotThrowAnyException();
    }

    @Property(tries = 200)
    void takesADiagnosticOfAnyShape(@ForAll("values") String value) {
        Messages any = new Messages(new PrintStream(new ByteArrayOutputStream()));
        assertThatCode(
                        () -> {
                            any.line(
                                    "{\"@message\": " + value + ", \"diagnostic\": " + value + "}");
                            any.line(
                                    "{\"@message\": 1, \"diagnostic\": {\"severity\": \"error\", \"summary\": "
                                            + value
                                            + ", \"detail\": "
                                            + value
                                            + ", \"address\": "
                                            + value
                                            + ", \"range\": {\"filename\": "
                                            + value
                                            + ", \"start\": "
                                            + value
                                            + "}}}");
                        })
                .doesNotThrowAnyException();
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.of(
                "null",
                "true",
                "7",
                "-1.5e300",
                "[]",
                "{}",
                "\"x\"",
                "[{\"a\": [1]}]",
                "{\"line\": {}}",
                "{\"line\": 99999999999999}",
                "{\"line\": \"x\"}");
    }
}
