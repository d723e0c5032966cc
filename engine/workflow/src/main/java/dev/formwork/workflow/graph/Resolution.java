package dev.formwork.workflow.graph;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// A value that is known, or the nodes that must end before it is.
public sealed interface Resolution<T> {
    record Known<T>(T value) implements Resolution<T> {}

    /// @param causes at least one
    record Unknown<T>(SortedSet<NodeKey> causes) implements Resolution<T> {
        public Unknown {
            causes = Collections.unmodifiableSortedSet(new TreeSet<>(causes));
        }
    }
}
