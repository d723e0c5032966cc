package dev.formwork.model.hardware;

import java.util.regex.Pattern;

/// A network card on a segment where nobody hands out addresses, and the address that its machine
/// is to give it.
///
/// @param mac `52:54:00:00:00:01`, lower case
/// @param address with the length of the network's prefix: `10.77.0.5/24`
public record Card(String mac, String address) {
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2}");

    /// @throws IllegalArgumentException where one of them has another form
    public Card {
        if (!Hardware.MAC.matcher(mac).matches() || !ADDRESS.matcher(address).matches()) {
            throw new IllegalArgumentException(
                    "not a card and its address: " + mac + " " + address);
        }
    }
}
