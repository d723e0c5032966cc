package dev.formwork.provider.bmc;

import dev.formwork.model.EngineId;
import dev.formwork.model.Names;

import org.jspecify.annotations.Nullable;

/// The mark of an engine on a controller: `formwork:` and the engine's id. It keeps two engines
/// that know nothing of each other off one node; a controller compares nothing, so two that write
/// at the very same moment are found out only by who reads last.
final class Marks {
    private static final String PREFIX = "formwork:";

    private Marks() {}

    /// What is to be there again when the node is given back; empty where it is our own mark.
    ///
    /// @throws dev.formwork.model.ProblemException `bmc.marked-by-another`
    static String before(String found, EngineId engine, ManagedNode node) {
        if (found.startsWith(PREFIX) && !found.equals(text(engine))) {
            throw BmcCode.MARKED_BY_ANOTHER.problem(
                    "node %s is marked by %s".formatted(node.name(), Names.abbreviate(found)),
                    "delete its machine there; if that engine is gone, clear the mark by hand");
        }
        return found.equals(text(engine)) ? "" : found;
    }

    static void put(MarkPlace where, EngineId engine, ManagedNode node) {
        if (!where.read().equals(text(engine))) {
            where.write(text(engine));
            before(where.read(), engine, node);
        }
    }

    /// What somebody else has put there meanwhile stays.
    static void take(MarkPlace where, EngineId engine, @Nullable String before) {
        if (where.read().equals(text(engine))) {
            where.write(before == null ? "" : before);
        }
    }

    private static String text(EngineId engine) {
        return PREFIX + engine.value();
    }
}
