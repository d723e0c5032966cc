package dev.formwork.provider.gce;

import com.google.api.AnnotationsProto;
import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.api.HttpRule;
import com.google.cloud.compute.v1.Compute;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Internal;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;

import dev.formwork.provider.tck.HttpService.Request;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Compute Engine's API as Google publishes it: the descriptors of `google.cloud.compute.v1`, with
/// the path, the body and the required fields of each method. Whatever a request says that is not
/// in there is refused, and so is an answer.
final class ApiModel {
    /// Those of every Google API: <https://cloud.google.com/apis/docs/system-parameters>.
    private static final Set<String> SYSTEM = Set.of("alt", "$alt", "prettyPrint");

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]+)}");

    private static final List<Route> ROUTES = routes();

    private ApiModel() {}

    /// A method, and where it is.
    private record Route(
            MethodDescriptor method,
            String verb,
            Pattern path,
            List<String> variables,
            String body) {}

    /// A request that is as it should be.
    ///
    /// @param method such as `Instances.Insert`
    record Call(String method, Message request) {
        /// As the class that Google's library has for it.
        <M extends Message> M as(Class<M> kind) {
            try {
                return kind.cast(
                        Internal.getDefaultInstance(kind)
                                .newBuilderForType()
                                .mergeFrom(request.toByteString())
                                .build());
            } catch (InvalidProtocolBufferException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /// @throws ApiError 404 for what is no method, 400 for what the method does not know or lacks
    static Call call(Request request) {
        String path = request.target().getPath();
        for (Route route : ROUTES) {
            Matcher matcher = route.path().matcher(path);
            if (route.verb().equals(request.method()) && matcher.matches()) {
                return call(route, matcher, request);
            }
        }
        throw new ApiError(
                404, "notFound", "no such method: %s %s".formatted(request.method(), path));
    }

    private static Call call(Route route, Matcher path, Request request) {
        Descriptor type = route.method().getInputType();
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (int i = 0; i < route.variables().size(); i++) {
            message.setField(
                    type.findFieldByName(route.variables().get(i)), decoded(path.group(i + 1)));
        }
        query(request.target().getRawQuery())
                .forEach((name, value) -> set(message, route, name, value));
        if (route.body().isEmpty()) {
            // Libcloud has to send something, and Google does not mind.
            if (!request.body().isBlank() && !request.body().equals("\"ignored\"")) {
                throw invalid("a body that " + route.method().getFullName() + " does not take");
            }
        } else {
            FieldDescriptor body = type.findFieldByName(route.body());
            DynamicMessage.Builder part = DynamicMessage.newBuilder(body.getMessageType());
            read(request.body(), part);
            message.setField(body, part.build());
        }
        for (FieldDescriptor field : type.getFields()) {
            if (isRequired(field)
                    && (field.hasPresence()
                            ? !message.hasField(field)
                            : message.getField(field).equals(""))) {
                throw new ApiError(
                        400, "required", "Required field '%s' not specified".formatted(field));
            }
        }
        return new Call(
                route.method().getService().getName() + "." + route.method().getName(),
                message.build());
    }

    private static boolean isRequired(FieldDescriptor field) {
        return field.getOptions()
                .getExtension(FieldBehaviorProto.fieldBehavior)
                .contains(FieldBehavior.REQUIRED);
    }

    private static void set(
            DynamicMessage.Builder message, Route route, String name, String value) {
        if (SYSTEM.contains(name)) {
            return;
        }
        for (FieldDescriptor field : route.method().getInputType().getFields()) {
            boolean isQuery =
                    !route.variables().contains(field.getName())
                            && !route.body().equals(field.getName());
            if (isQuery && field.getJsonName().equals(name)) {
                message.setField(field, scalar(field, value));
                return;
            }
        }
        throw invalid("%s has no parameter %s".formatted(route.method().getFullName(), name));
    }

    private static Object scalar(FieldDescriptor field, String value) {
        try {
            return switch (field.getJavaType()) {
                case STRING -> value;
                case INT -> Integer.valueOf(value);
                case LONG -> Long.valueOf(value);
                case BOOLEAN -> {
                    if (!value.equals("true") && !value.equals("false")) {
                        throw invalid(field.getJsonName() + " is no truth value: " + value);
                    }
                    yield Boolean.valueOf(value);
                }
                default -> throw invalid(field.getJsonName() + " is no parameter");
            };
        } catch (NumberFormatException wrong) {
            throw invalid(field.getJsonName() + " is no number: " + value);
        }
    }

    /// Reads JSON that has no field that the type does not have.
    private static void read(String json, Message.Builder into) {
        try {
            JsonFormat.parser().merge(json, into);
        } catch (InvalidProtocolBufferException wrong) {
            throw new ApiError(400, "parseError", String.valueOf(wrong.getMessage()));
        }
    }

    /// An answer as it goes over the wire.
    static String json(Message message) {
        try {
            return JsonFormat.printer().omittingInsignificantWhitespace().print(message);
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static Map<String, String> query(@Nullable String query) {
        Map<String, String> all = new TreeMap<>();
        if (query != null && !query.isEmpty()) {
            for (String part : query.split("&", -1)) {
                String[] both = part.split("=", 2);
                all.put(decoded(both[0]), both.length == 2 ? decoded(both[1]) : "");
            }
        }
        return all;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static ApiError invalid(String message) {
        return new ApiError(400, "invalid", message);
    }

    private static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (ServiceDescriptor service : Compute.getDescriptor().getServices()) {
            for (MethodDescriptor method : service.getMethods()) {
                HttpRule rule = method.getOptions().getExtension(AnnotationsProto.http);
                switch (rule.getPatternCase()) {
                    case GET -> routes.add(route(method, "GET", rule.getGet(), rule));
                    case POST -> routes.add(route(method, "POST", rule.getPost(), rule));
                    case DELETE -> routes.add(route(method, "DELETE", rule.getDelete(), rule));
                    case PUT -> routes.add(route(method, "PUT", rule.getPut(), rule));
                    case PATCH -> routes.add(route(method, "PATCH", rule.getPatch(), rule));
                    case CUSTOM, PATTERN_NOT_SET ->
                            throw new IllegalStateException(method.getFullName());
                }
            }
        }
        return routes;
    }

    private static Route route(MethodDescriptor method, String verb, String path, HttpRule rule) {
        List<String> variables = new ArrayList<>();
        Matcher variable = VARIABLE.matcher(path);
        StringBuilder pattern = new StringBuilder();
        int from = 0;
        while (variable.find()) {
            pattern.append(Pattern.quote(path.substring(from, variable.start()))).append("([^/]+)");
            variables.add(variable.group(1));
            from = variable.end();
        }
        pattern.append(Pattern.quote(path.substring(from)));
        return new Route(
                method, verb, Pattern.compile(pattern.toString()), variables, rule.getBody());
    }
}
