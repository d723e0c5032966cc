package dev.formwork.provider.tck;

import dev.formwork.provider.ProviderRecords;

class InMemoryRecordsContractTest implements ProviderRecordsContract {
    private final InMemoryRecords records = new InMemoryRecords();

    @Override
    public ProviderRecords records() {
        return records;
    }
}
