package dev.formwork.model.module;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a task may do to a machine that people want to approve beforehand.
public enum Effect {
    REBOOT,
    ERASE,
    REPLACE,
    NETWORK_CUT,
    SERVICE_RESTART,
    COST;

    /// As it is written in YAML and JSON: `service-restart`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Effect> ofWord(String word) {
        return Arrays.stream(values()).filter(effect -> effect.word().equals(word)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(Effect::word).toList();
    }
}
