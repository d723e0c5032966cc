package dev.formwork.workflow.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;

import org.jspecify.annotations.Nullable;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.RandomAccess;

/// A list that dev.cel leaves alone. Any other list that a function returns, it walks with
/// everything inside, twice, and a macro's accumulator it copies at every step, which makes `map`
/// over n items take n² steps (dev.cel 0.14.0, `CelValueConverter.mapContainer`). A [CelValue] it
/// takes as it is.
///
/// Unmodifiable. Equal to a list with equal items, as the interface demands.
@SuppressWarnings("Immutable") // CelValue says that it is; what is seen of this one never changes.
final class CelList extends CelValue implements List<Object>, RandomAccess {
    private final List<Object> items;

    /// @param items never modified from now on, and with quick access by index
    CelList(List<Object> items) {
        this.items = items;
    }

    /// What the list shows.
    List<Object> items() {
        return items;
    }

    /// Both, one after the other: `+`. Takes as long as the second is, if the first was itself made
    /// so and nothing was added to it before.
    static List<Object> concat(List<?> first, List<?> second) {
        Grown grown =
                first instanceof CelList list && list.items instanceof Grown known
                        ? known
                        : new Grown(new ArrayList<>(first));
        return new CelList(grown.with(second));
    }

    /// The first `size` of a list that only grows at its end, so that several may share it.
    private static final class Grown extends AbstractList<Object> implements RandomAccess {
        private final List<Object> shared;
        private final int size;

        Grown(List<Object> shared) {
            this.shared = shared;
            this.size = shared.size();
        }

        Grown with(List<?> more) {
            List<Object> longer =
                    shared.size() == size ? shared : new ArrayList<>(shared.subList(0, size));
            longer.addAll(more);
            return new Grown(longer);
        }

        @Override
        public Object get(int index) {
            if (index >= size) {
                throw new IndexOutOfBoundsException(index);
            }
            return shared.get(index);
        }

        @Override
        public int size() {
            return size;
        }
    }

    @Override
    public Object value() {
        return this;
    }

    @Override
    public boolean isZeroValue() {
        return items.isEmpty();
    }

    @Override
    public CelType celType() {
        return ListType.create(SimpleType.DYN);
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public boolean isEmpty() {
        return items.isEmpty();
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public boolean contains(@Nullable Object item) {
        return items.contains(item);
    }

    @Override
    public boolean containsAll(Collection<?> some) {
        return items.containsAll(some);
    }

    @Override
    public int indexOf(@Nullable Object item) {
        return items.indexOf(item);
    }

    @Override
    public int lastIndexOf(@Nullable Object item) {
        return items.lastIndexOf(item);
    }

    @Override
    public Iterator<Object> iterator() {
        return items.iterator();
    }

    @Override
    public ListIterator<Object> listIterator() {
        return items.listIterator();
    }

    @Override
    public ListIterator<Object> listIterator(int index) {
        return items.listIterator(index);
    }

    @Override
    public List<Object> subList(int from, int to) {
        return items.subList(from, to);
    }

    @Override
    public Object[] toArray() {
        return items.toArray();
    }

    @Override
    public <T> T[] toArray(T[] array) {
        return items.toArray(array);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || items.equals(other);
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }

    @Override
    public String toString() {
        return items.toString();
    }

    @Override
    public boolean add(Object item) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void add(int index, Object item) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean addAll(Collection<?> more) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean addAll(int index, Collection<?> more) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object set(int index, Object item) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean remove(@Nullable Object item) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object remove(int index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean removeAll(Collection<?> some) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean retainAll(Collection<?> some) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException();
    }
}
