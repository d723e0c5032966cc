package dev.formwork.agent.terraform;

import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a command says as it works, by Terraform's machine-readable UI
/// (https://developer.hashicorp.com/terraform/internals/machine-readable-ui) or in plain lines. The
/// log gets it as people read it; the first error is kept.
final class Messages {
    private static final Pattern PLAIN_ERROR = Pattern.compile("^[\\u2502|]?\\s*Error: (.+)$");

    private final PrintStream log;
    private @Nullable String error;
    private String errorDetail = "";
    private int errors;

    Messages(PrintStream log) {
        this.log = log;
    }

    void line(String line) {
        JsonNode message = message(line);
        if (message == null) {
            log.println(line);
            Matcher plain = PLAIN_ERROR.matcher(line);
            if (plain.matches()) {
                error(plain.group(1).strip(), "");
            }
            return;
        }
        JsonNode diagnostic = message.path("diagnostic");
        if (diagnostic.isObject()) {
            diagnostic(diagnostic);
        } else {
            log.println(message.path("@message").asString(""));
        }
    }

    private static @Nullable JsonNode message(String line) {
        if (!line.startsWith("{")) {
            return null;
        }
        try {
            JsonNode message = ProtocolJson.readTree(line.getBytes(StandardCharsets.UTF_8));
            return message.has("@message") ? message : null;
        } catch (ProtocolException e) {
            return null;
        }
    }

    private void diagnostic(JsonNode diagnostic) {
        boolean isError = diagnostic.path("severity").asString("").equals("error");
        String summary = diagnostic.path("summary").asString("");
        String detail = diagnostic.path("detail").asString("");
        String address = diagnostic.path("address").asString("");
        JsonNode range = diagnostic.path("range");
        log.println(
                (isError ? "Error: " : "Warning: ")
                        + summary
                        + (address.isEmpty() ? "" : " (" + address + ")"));
        if (range.isObject()) {
            log.println(
                    "  at "
                            + range.path("filename").asString("")
                            + ":"
                            + range.path("start").path("line").asInt(0));
        }
        detail.lines().forEach(line -> log.println("  " + line));
        if (isError) {
            error(address.isEmpty() ? summary : address + ": " + summary, detail);
        }
    }

    private void error(String summary, String detail) {
        errors++;
        if (error == null) {
            error = summary;
            errorDetail = detail;
        }
    }

    /// Why a command failed.
    ///
    /// @param code of docs/errors.md, where there is none that says more
    /// @param otherwise the detail, where it has not said why
    TerraformException failure(String code, String otherwise, String program) {
        if (error == null) {
            return new TerraformException(code, otherwise);
        }
        String id = said("ID");
        if (error.contains("state lock") && !id.isEmpty()) {
            return new TerraformException(
                    "terraform.locked",
                    "the state is locked: ID "
                            + id
                            + ", by "
                            + said("Who")
                            + " since "
                            + said("Created")
                            + "; where nobody works on it any more: "
                            + program
                            + " force-unlock "
                            + id);
        }
        String more = errors == 1 ? "" : "; and " + (errors - 1) + " more in the log";
        return new TerraformException(code, error + more);
    }

    /// A field of what Terraform says of a lock.
    private String said(String field) {
        Matcher found =
                Pattern.compile("^\\s*" + field + ":\\s+(.+)$", Pattern.MULTILINE)
                        .matcher(errorDetail);
        return found.find() ? found.group(1).strip() : "";
    }
}
