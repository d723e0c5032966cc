package dev.formwork.model.module;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A named contract that several modules provide; a cluster binds it to one of them. A provider has
/// at least these outputs, of these types, and requires no input that is not among these.
public record Interface(
        Header header, Map<String, InputSpec> inputs, Map<String, OutputSpec> outputs)
        implements Module {
    public Interface {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }
}
