package dev.formwork.provider.redfish;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What a service answers.
record RedfishReply(int status, Map<String, String> headers, String body) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Of the Base registry 1.18 (DSP8011): text and severity.
    private static final Map<String, List<String>> MESSAGES =
            Map.ofEntries(
                    message("Success", "OK", "The request completed successfully."),
                    message(
                            "NoValidSession",
                            "Critical",
                            "There is no valid session established with the implementation."),
                    message(
                            "InsufficientPrivilege",
                            "Critical",
                            "There are insufficient privileges for the account or credentials associated with the current session to perform the requested operation."),
                    message(
                            "ResourceMissingAtURI",
                            "Critical",
                            "The resource at the URI '%1' was not found."),
                    message(
                            "OperationNotAllowed",
                            "Critical",
                            "The HTTP method is not allowed on this resource."),
                    message(
                            "MalformedJSON",
                            "Critical",
                            "The request body submitted was malformed JSON and could not be parsed by the receiving service."),
                    message(
                            "PreconditionFailed",
                            "Critical",
                            "The ETag supplied did not match the ETag required to change this resource."),
                    message(
                            "PropertyUnknown",
                            "Warning",
                            "The property %1 is not in the list of valid properties for the resource."),
                    message(
                            "PropertyNotWritable",
                            "Warning",
                            "The property %1 is a read-only property and cannot be assigned a value."),
                    message(
                            "PropertyValueNotInList",
                            "Warning",
                            "The value '%1' for the property %2 is not in the list of acceptable values."),
                    message(
                            "PropertyValueTypeError",
                            "Warning",
                            "The value '%1' for the property %2 is not a type that the property can accept."),
                    message(
                            "ActionParameterMissing",
                            "Critical",
                            "The action %1 requires the parameter %2 to be present in the request body."),
                    message(
                            "ActionParameterUnknown",
                            "Warning",
                            "The action %1 was submitted with the invalid parameter %2."),
                    message(
                            "ActionParameterNotSupported",
                            "Warning",
                            "The parameter %1 for the action %2 is not supported on the target resource."),
                    message(
                            "ActionParameterValueNotInList",
                            "Warning",
                            "The value '%1' for the parameter %2 in the action %3 is not in the list of acceptable values."),
                    message(
                            "ActionParameterValueConflict",
                            "Warning",
                            "The parameter '%1' with the requested value of '%2' does not meet the constraints of the implementation."),
                    message(
                            "SessionLimitExceeded",
                            "Critical",
                            "The session establishment failed due to the number of simultaneous sessions exceeding the limit of the implementation."),
                    message(
                            "ResourceInUse",
                            "Warning",
                            "The change to the requested resource failed because the resource is in use or in transition."));

    private static Map.Entry<String, List<String>> message(
            String id, String severity, String text) {
        return Map.entry(id, List.of(severity, text));
    }

    static RedfishReply of(int status, Object body) {
        return new RedfishReply(status, Map.of(), JSON.writeValueAsString(body));
    }

    static RedfishReply nothing() {
        return new RedfishReply(204, Map.of(), "");
    }

    /// An extended error with one message.
    static RedfishReply error(int status, String id, String... arguments) {
        return of(
                status,
                json(
                        "error",
                        json(
                                "code",
                                "Base.1.18." + id,
                                "message",
                                text(id, arguments),
                                "@Message.ExtendedInfo",
                                List.of(message(id, arguments)))));
    }

    static Map<String, Object> message(String id, String... arguments) {
        return json(
                "@odata.type",
                "#Message.v1_1_2.Message",
                "MessageId",
                "Base.1.18." + id,
                "Message",
                text(id, arguments),
                "MessageArgs",
                List.of(arguments),
                "MessageSeverity",
                Objects.requireNonNull(MESSAGES.get(id)).getFirst(),
                "Resolution",
                "None.");
    }

    private static String text(String id, String... arguments) {
        String text = Objects.requireNonNull(MESSAGES.get(id)).getLast();
        for (int i = 0; i < arguments.length; i++) {
            text = text.replace("%" + (i + 1), arguments[i]);
        }
        return text;
    }

    RedfishReply with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new RedfishReply(status, more, body);
    }

    /// An object of JSON: names and values in turn.
    @SuppressWarnings("NullAway") // JSON has null
    static Map<String, Object> json(@Nullable Object... pairs) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            object.put((String) pairs[i], pairs[i + 1]);
        }
        return object;
    }

    static Map<String, Object> ref(String path) {
        return json("@odata.id", path);
    }

    static List<Map<String, Object>> refs(String... paths) {
        return Arrays.stream(paths).map(RedfishReply::ref).toList();
    }
}
