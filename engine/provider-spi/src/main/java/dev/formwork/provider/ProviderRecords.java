package dev.formwork.provider;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Small records of one provider in the engine's own store, for a place that has no room for them:
/// a management controller can hardly hold whose machine its node is. All engines that share a
/// database see the same records, and they are in its backups. Another engine's provider sees none
/// of them.
///
/// Whoever can put a mark onto the thing itself does that instead: what is restored from a backup
/// is as old as the backup.
///
/// Thread-safe. What [Capability] says of interruption holds.
public interface ProviderRecords {
    /// The longest text of a record, in characters.
    int LONGEST_TEXT = 32_768;

    /// One change: from what is there to what is to be there.
    ///
    /// @param key 1 to 255 printable ASCII characters
    /// @param expected what has to be there for any change to be made; empty for nothing
    /// @param next what is there afterwards; empty for nothing. At most [#LONGEST_TEXT] characters
    record Swap(String key, Optional<String> expected, Optional<String> next) {
        /// @throws IllegalArgumentException where the key or the text cannot be stored
        public Swap {
            if (key.isEmpty()
                    || key.length() > 255
                    || !key.chars().allMatch(c -> c > 32 && c < 127)) {
                throw new IllegalArgumentException("not a key of a record");
            }
            if (next.isPresent()
                    && (next.get().length() > LONGEST_TEXT || next.get().indexOf('\0') >= 0)) {
                throw new IllegalArgumentException("not the text of a record");
            }
        }
    }

    /// The text of a record, if it is there. Read-only.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.unavailable`, `.interrupted`
    Optional<String> read(String key);

    /// All records, by key, as they were at one moment. Read-only.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.unavailable`, `.interrupted`
    Map<String, String> all();

    /// Makes all the changes where each finds what it expects, and none of them otherwise; no one
    /// ever sees some of them. **Returns** whether they were made, and then they survive power
    /// loss.
    ///
    /// Where it throws nobody knows whether they were made: a repeat that is told "no" has to look.
    ///
    /// @param swaps each of another key
    /// @throws dev.formwork.model.ProblemException `provider.unavailable`, `.interrupted`
    boolean replace(List<Swap> swaps);

    /// Makes one change, as [#replace(List)].
    default boolean replace(String key, Optional<String> expected, Optional<String> next) {
        return replace(List.of(new Swap(key, expected, next)));
    }
}
