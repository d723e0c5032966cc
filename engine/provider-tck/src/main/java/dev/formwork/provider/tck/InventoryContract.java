package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Inventory;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.MachineInventory.Part;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// What [Inventory] promises, for a provider that offers [InstanceLifecycle] too.
public interface InventoryContract extends ProviderContract {
    @Test
    default void saysWhatAMachineIsMadeOf() {
        try (Provider provider = bench().open(ENGINE)) {
            MachineInventory found = provider.capability(Inventory.class).inventory(made(provider));

            assertThat(found.system().kind()).isEqualTo("system");
            List<Part> all = new ArrayList<>(found.parts());
            all.add(found.system());
            assertThat(all)
                    .allSatisfy(part -> assertThat(part.kind()).matches("[a-z][a-z-]{0,31}"))
                    .anySatisfy(part ->
                            assertThat(part.serial().or(part::model).or(part::manufacturer))
                                    .isPresent());
            assertThat(found.firmware())
                    .allSatisfy(each -> assertThat(each.version()).isNotBlank());
        }
    }

    @Test
    default void takesTheInventoryOfNothingThatIsNotOurs() {
        try (Provider ours = bench().open(ENGINE);
                Provider theirs = bench().open(OTHER_ENGINE)) {
            Inventory inventory = ours.capability(Inventory.class);
            for (InstanceRef ref : List.of(made(theirs), new InstanceRef("no-such-instance"))) {
                assertRefused(ProviderCode.NOT_FOUND, () -> inventory.inventory(ref));
            }
        }
    }

    private InstanceRef made(Provider provider) {
        return provider.capability(InstanceLifecycle.class).create(anyToken(), anyRequest()).ref();
    }
}
