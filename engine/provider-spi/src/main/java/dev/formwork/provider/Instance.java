package dev.formwork.provider;

import dev.formwork.model.MachineId;
import dev.formwork.model.hardware.Card;
import dev.formwork.model.hardware.Hardware;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One instance, as the place itself describes it at this moment.
///
/// @param ref the provider's name for it
/// @param machine the machine that it was made for
/// @param name the machine's name
/// @param address an IP address under which other machines of its cluster reach it, or null for as
///   long as it has none
/// @param state how far it is
/// @param createdAt when it was made
/// @param labels those of its [InstanceRequest]
/// @param hardware what it says of itself when it boots from the network; [Hardware#NONE] where its
///   agent gets the boot token in another way
/// @param cards those of its network cards that get no address from the network: the machine has to
///   set them itself
public record Instance(
        InstanceRef ref,
        MachineId machine,
        String name,
        @Nullable String address,
        InstanceState state,
        Instant createdAt,
        Map<String, String> labels,
        Hardware hardware,
        List<Card> cards) {

    /// A machine that gets all its addresses from the network.
    public Instance(
            InstanceRef ref,
            MachineId machine,
            String name,
            @Nullable String address,
            InstanceState state,
            Instant createdAt,
            Map<String, String> labels,
            Hardware hardware) {
        this(ref, machine, name, address, state, createdAt, labels, hardware, List.of());
    }

    public Instance {
        labels = Map.copyOf(labels);
        cards = List.copyOf(cards);
    }
}
