package dev.formwork.workflow.graph;

import dev.formwork.workflow.membership.Member;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// One node of a [Graph], before it is decided what becomes of it.
///
/// @param after nodes that must have ended well before it
/// @param afterSettled nodes that must have ended in whatever way before it
/// @param work of a STEP
/// @param member of a CREATE, BOOT or REMOVE
/// @param turn of a GATE with which a machine's turn begins
public record GraphNode(
        NodeKey key,
        Action action,
        SortedSet<NodeKey> after,
        SortedSet<NodeKey> afterSettled,
        Optional<StepWork> work,
        Optional<Member> member,
        Optional<Turn> turn) {
    public GraphNode {
        after = Collections.unmodifiableSortedSet(new TreeSet<>(after));
        afterSettled = Collections.unmodifiableSortedSet(new TreeSet<>(afterSettled));
    }
}
