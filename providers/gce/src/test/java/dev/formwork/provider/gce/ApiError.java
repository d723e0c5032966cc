package dev.formwork.provider.gce;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import dev.formwork.provider.tck.HttpService.Response;

/// What the API refuses something with.
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    /// @param reason as Google calls it, such as `rateLimitExceeded`
    ApiError(int status, String reason, String message) {
        super(message);
        this.status = status;
        this.reason = reason;
    }

    Response response() {
        String message = String.valueOf(getMessage());
        JsonObject one = new JsonObject();
        one.addProperty("message", message);
        one.addProperty("domain", "global");
        one.addProperty("reason", reason);
        JsonArray errors = new JsonArray();
        errors.add(one);
        JsonObject error = new JsonObject();
        error.addProperty("code", status);
        error.addProperty("message", message);
        error.add("errors", errors);
        JsonObject all = new JsonObject();
        all.add("error", error);
        Response response = Response.json(status, all.toString());
        return status == 401
                ? response.with(
                        "WWW-Authenticate",
                        "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"")
                : response;
    }
}
