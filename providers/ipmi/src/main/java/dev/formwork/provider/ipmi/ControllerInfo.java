package dev.formwork.provider.ipmi;

import java.util.Optional;
import java.util.OptionalLong;

/// What `mc info` says of a controller.
///
/// @param manufacturer IANA's number; 0 where it does not say
record ControllerInfo(
        long manufacturer, Optional<String> manufacturerName, Optional<String> firmware) {

    /// Of whatever it is: what is missing is missing.
    static ControllerInfo parse(String said) {
        Fields fields = Fields.parse(said);
        OptionalLong number =
                fields.first("Manufacturer ID").stream()
                        .filter(text -> text.matches("[0-9]{1,10}"))
                        .mapToLong(Long::parseLong)
                        .findFirst();
        return new ControllerInfo(
                number.orElse(0),
                fields.first("Manufacturer Name").filter(name -> !name.startsWith("Unknown")),
                fields.first("Firmware Revision"));
    }
}
