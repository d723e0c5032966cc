package dev.formwork.workflow.store;

import java.util.Optional;

/// One change of a provider's record, if it is what it is expected to be.
///
/// @param name not empty
/// @param expected empty where no record of this name is to be there
/// @param next empty where none is to be there afterwards
public record RecordSwap(String name, Optional<String> expected, Optional<String> next) {
    public RecordSwap {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a record without a name");
        }
    }
}
