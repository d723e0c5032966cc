package dev.formwork.workflow.graph;

import org.jspecify.annotations.Nullable;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// A sorted set of keys that never changes, in an array: a plan over ten thousand machines has
/// hundreds of thousands of sets of one or two, and a tree for each takes ten times the memory.
@SuppressWarnings("JdkObsolete") // plans speak of sorted sets, and nothing navigates in them
public final class SortedKeys extends AbstractSet<NodeKey> implements SortedSet<NodeKey> {
    private final NodeKey[] keys;

    private SortedKeys(NodeKey[] keys) {
        this.keys = keys;
    }

    /// The same keys in a set that never changes.
    public static SortedSet<NodeKey> copyOf(SortedSet<NodeKey> set) {
        if (set.isEmpty()) {
            return Collections.emptySortedSet();
        }
        return set instanceof SortedKeys same ? same : new SortedKeys(set.toArray(NodeKey[]::new));
    }

    @Override
    public Iterator<NodeKey> iterator() {
        return Arrays.asList(keys).iterator();
    }

    @Override
    public int size() {
        return keys.length;
    }

    @Override
    public boolean contains(@Nullable Object object) {
        return object instanceof NodeKey key && Arrays.binarySearch(keys, key) >= 0;
    }

    @Override
    public @Nullable Comparator<? super NodeKey> comparator() {
        return null;
    }

    @Override
    public SortedSet<NodeKey> subSet(NodeKey from, NodeKey to) {
        return tree().subSet(from, to);
    }

    @Override
    public SortedSet<NodeKey> headSet(NodeKey to) {
        return tree().headSet(to);
    }

    @Override
    public SortedSet<NodeKey> tailSet(NodeKey from) {
        return tree().tailSet(from);
    }

    private SortedSet<NodeKey> tree() {
        return Collections.unmodifiableSortedSet(new TreeSet<>((Set<NodeKey>) this));
    }

    @Override
    public NodeKey first() {
        return keys[0];
    }

    @Override
    public NodeKey last() {
        if (keys.length == 0) {
            throw new NoSuchElementException();
        }
        return keys[keys.length - 1];
    }
}
