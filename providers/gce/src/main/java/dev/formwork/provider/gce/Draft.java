package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.AccessConfig;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.AttachedDiskInitializeParams;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceProperties;
import com.google.cloud.compute.v1.Items;
import com.google.cloud.compute.v1.Metadata;
import com.google.cloud.compute.v1.NetworkInterface;
import com.google.cloud.compute.v1.Scheduling;
import com.google.cloud.compute.v1.ServiceAccount;
import com.google.cloud.compute.v1.ShieldedInstanceConfig;
import com.google.cloud.compute.v1.Tags;

import dev.formwork.model.Names;
import dev.formwork.provider.OperationToken;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an instance is made of: the words of a group's spec in those of the API.
///
/// @param marks whose it is
/// @param token under which it is made
/// @param script what it runs when it boots
/// @param publicAddress whether it has an address that the Internet sees, where the spec does not
///   say
record Draft(
        Marks marks, OperationToken token, MachineSpec spec, String script, boolean publicAddress) {
    private static final int MOST_NAME = 63;

    /// The zone that it goes to: by the number in its name where it has one, so that the machines
    /// of a group are spread evenly, and each goes where its predecessor was.
    String zone() {
        List<String> zones = spec.zones();
        String number = marks.name().substring(marks.name().lastIndexOf('-') + 1);
        int at =
                number.matches("\\d{1,9}")
                        ? Integer.parseInt(number) % zones.size()
                        : Digest.of(marks.machine().value()).below(zones.size());
        return zones.get(at);
    }

    /// @param template what the instance is made of beside what is said here; the arrays of a
    ///   request take the place of the template's, so they hold what the template's do
    Instance instance(String zone, Optional<InstanceProperties> template) {
        Instance.Builder instance =
                Instance.newBuilder()
                        .setName(marks.resourceName())
                        .putAllLabels(marks.resourceLabels(token))
                        .setMetadata(metadata(template));
        spec.machineType()
                .ifPresent(type ->
                        instance.setMachineType("zones/%s/machineTypes/%s".formatted(zone, type)));
        disks(instance, zone, template);
        network(instance, zone, template);
        if (!spec.tags().isEmpty()) {
            instance.setTags(Tags.newBuilder().addAllItems(spec.tags()));
        }
        spec.account()
                .ifPresent(account ->
                        instance.addServiceAccounts(
                                ServiceAccount.newBuilder()
                                        .setEmail(account.email())
                                        .addAllScopes(account.scopes())));
        spec.spot()
                .ifPresent(then ->
                        instance.setScheduling(
                                Scheduling.newBuilder()
                                        .setProvisioningModel("SPOT")
                                        .setInstanceTerminationAction(then.name())
                                        .setAutomaticRestart(false)
                                        .setOnHostMaintenance("TERMINATE")));
        if (template.isEmpty() || spec.shield().isSaid()) {
            instance.setShieldedInstanceConfig(
                    ShieldedInstanceConfig.newBuilder()
                            .setEnableSecureBoot(spec.shield().secureBoot().orElse(true))
                            .setEnableVtpm(spec.shield().vtpm().orElse(true))
                            .setEnableIntegrityMonitoring(
                                    spec.shield().integrityMonitoring().orElse(true)));
        }
        return instance.build();
    }

    private Metadata metadata(Optional<InstanceProperties> template) {
        Map<String, String> items = new LinkedHashMap<>();
        template.ifPresent(properties ->
                properties
                        .getMetadata()
                        .getItemsList()
                        .forEach(item -> items.put(item.getKey(), item.getValue())));
        items.putAll(spec.metadata());
        items.putAll(marks.metadata());
        items.put(Marks.STARTUP_SCRIPT, script);
        Metadata.Builder metadata = Metadata.newBuilder();
        items.forEach(
                (key, value) -> metadata.addItems(Items.newBuilder().setKey(key).setValue(value)));
        return metadata.build();
    }

    private void disks(
            Instance.Builder instance, String zone, Optional<InstanceProperties> template) {
        if (spec.image().isPresent()) {
            MachineSpec.Disk boot =
                    spec.bootDisk()
                            .orElse(new MachineSpec.Disk(Optional.empty(), Optional.empty()));
            AttachedDiskInitializeParams.Builder made = made(boot, zone);
            made.setSourceImage(spec.image().get());
            instance.addDisks(attached(made).setBoot(true));
        } else {
            template.ifPresent(properties ->
                    properties.getDisksList().forEach(disk -> instance.addDisks(ours(disk))));
        }
        for (int i = 0; i < spec.disks().size(); i++) {
            String end = "-" + (i + 1);
            AttachedDiskInitializeParams.Builder made = made(spec.disks().get(i), zone);
            made.setDiskName(cut(marks.resourceName(), MOST_NAME - end.length()) + end);
            instance.addDisks(attached(made));
        }
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most) : text;
    }

    private AttachedDiskInitializeParams.Builder made(MachineSpec.Disk disk, String zone) {
        AttachedDiskInitializeParams.Builder made = marked();
        disk.gb().ifPresent(made::setDiskSizeGb);
        disk.type()
                .ifPresent(type -> made.setDiskType("zones/%s/diskTypes/%s".formatted(zone, type)));
        return made;
    }

    private AttachedDiskInitializeParams.Builder marked() {
        return AttachedDiskInitializeParams.newBuilder()
                .putAllLabels(marks.resourceLabels(token))
                .setDescription(marks.description());
    }

    private static AttachedDisk.Builder attached(AttachedDiskInitializeParams.Builder made) {
        return AttachedDisk.newBuilder()
                .setAutoDelete(true)
                .setType("PERSISTENT")
                .setInitializeParams(made);
    }

    /// A template's disk that is made with the instance goes with it too. One that is there already
    /// is somebody else's.
    private AttachedDisk ours(AttachedDisk disk) {
        if (!disk.hasInitializeParams()) {
            return disk;
        }
        return disk.toBuilder()
                .setAutoDelete(true)
                .setInitializeParams(
                        disk.getInitializeParams().toBuilder().mergeFrom(marked().build()))
                .build();
    }

    private void network(
            Instance.Builder instance, String zone, Optional<InstanceProperties> template) {
        boolean isSaid =
                spec.network().isPresent()
                        || spec.subnetwork().isPresent()
                        || spec.external().isPresent();
        if (!isSaid && template.isPresent()) {
            return;
        }
        NetworkInterface.Builder card =
                template.filter(properties -> properties.getNetworkInterfacesCount() > 0)
                        .map(properties -> properties.getNetworkInterfaces(0).toBuilder())
                        .orElseGet(NetworkInterface::newBuilder);
        if (spec.network().isPresent() || spec.subnetwork().isPresent()) {
            card.clearNetwork().clearSubnetwork();
        }
        spec.network().ifPresent(network -> card.setNetwork(path("global/networks/", network)));
        spec.subnetwork()
                .ifPresent(subnetwork ->
                        card.setSubnetwork(
                                path(
                                        "regions/%s/subnetworks/".formatted(region(zone)),
                                        subnetwork)));
        if (card.getNetwork().isEmpty() && card.getSubnetwork().isEmpty()) {
            card.setNetwork("global/networks/default");
        }
        if (template.isEmpty() || spec.external().isPresent()) {
            card.clearAccessConfigs();
            if (spec.external().orElse(publicAddress)) {
                card.addAccessConfigs(
                        AccessConfig.newBuilder()
                                .setName("External NAT")
                                .setType("ONE_TO_ONE_NAT"));
            }
        }
        instance.addNetworkInterfaces(card);
    }

    private static String path(String below, String name) {
        return Names.LABEL.matcher(name).matches() ? below + name : name;
    }

    /// The region of a zone: what comes before the last dash.
    private static String region(String zone) {
        int dash = zone.lastIndexOf('-');
        return dash < 0 ? zone : zone.substring(0, dash);
    }
}
