package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.ListZonesRequest;
import com.google.cloud.compute.v1.Zone;
import com.google.cloud.compute.v1.ZoneList;
import com.google.protobuf.Message;

import java.util.Map;
import java.util.function.Function;

/// What Google has on offer: for clients that look before they ask.
final class Catalogue {
    boolean isUnknownProject(String project) {
        return !project.equals(ComputeServer.PROJECT);
    }

    void methods(Map<String, Function<ApiModel.Call, Message>> methods, ComputeProject project) {
        methods.put(
                "Zones.List",
                call -> {
                    call.as(ListZonesRequest.class);
                    ZoneList.Builder zones = ZoneList.newBuilder().setKind("compute#zoneList");
                    ComputeProject.ZONES.forEach(zone ->
                            zones.addItems(Zone.newBuilder().setName(zone).setStatus("UP")));
                    return zones.build();
                });
    }
}
