package dev.formwork.store;

import dev.formwork.store.json.PoolJson;
import dev.formwork.workflow.pool.Pool;

import org.jdbi.v3.core.Handle;

import java.util.List;

/// Pools.
final class PoolRows {
    private static final Table POOLS = new Table("pools", List.of("name"), List.of("doc"));

    private PoolRows() {}

    static Write put(Pool pool) {
        return Write.Put.of(POOLS, Columns.row(pool.name(), PoolJson.write(pool)));
    }

    static Write drop(String pool) {
        return new Write.Drop(POOLS, Columns.row(pool));
    }

    static List<Pool> all(Handle handle) {
        return handle.createQuery("select doc from pools")
                .mapTo(String.class)
                .map(PoolJson::read)
                .list();
    }
}
