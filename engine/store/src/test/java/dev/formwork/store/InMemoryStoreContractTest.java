package dev.formwork.store;

import dev.formwork.workflow.store.InMemoryStore;
import dev.formwork.workflow.store.Store;

class InMemoryStoreContractTest extends StoreContract {
    @Override
    Store open() {
        return new InMemoryStore();
    }

    @Override
    Store reopen(Store closed) {
        return ((InMemoryStore) closed).reopened();
    }
}
