package dev.formwork.provider.redfish.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Supplier;

/// With what one logs on to a service. Prints without the password.
///
/// @param user name of an account of the service
/// @param password of the account, looked up whenever it is needed; goes to the service and nowhere
///   else
public record Credentials(String user, Supplier<String> password) {
    String basic() {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString(
                                (user + ":" + password.get()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return user + ":***";
    }
}
