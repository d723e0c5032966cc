package dev.formwork.cli.document;

import java.util.Locale;

/// What `--output` says.
public enum Format {
    TABLE,
    JSON,
    YAML;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
