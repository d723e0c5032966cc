package dev.formwork.bench.report;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Figures as JSON: a record is an object, its names in snake case.
public final class Documents {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    private Documents() {}

    public static String json(Object report) {
        return JSON.writeValueAsString(report);
    }
}
