package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.DiskType;
import com.google.cloud.compute.v1.GetDiskTypeRequest;
import com.google.cloud.compute.v1.GetMachineTypeRequest;
import com.google.cloud.compute.v1.GetNetworkRequest;
import com.google.cloud.compute.v1.ListRegionsRequest;
import com.google.cloud.compute.v1.ListZonesRequest;
import com.google.cloud.compute.v1.MachineType;
import com.google.cloud.compute.v1.Network;
import com.google.cloud.compute.v1.Region;
import com.google.cloud.compute.v1.RegionList;
import com.google.cloud.compute.v1.Zone;
import com.google.cloud.compute.v1.ZoneList;
import com.google.protobuf.Message;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What Google has on offer: for clients that look before they ask.
final class Catalogue {
    private static final String BASE =
            "https://www.googleapis.com/compute/v1/projects/" + ComputeServer.PROJECT + "/";

    boolean isUnknownProject(String project) {
        return !project.equals(ComputeServer.PROJECT);
    }

    void methods(Map<String, Function<ApiModel.Call, Message>> methods) {
        methods.put("Zones.List", call -> zones(call.as(ListZonesRequest.class)));
        methods.put("Regions.List", call -> regions(call.as(ListRegionsRequest.class)));
        methods.put("MachineTypes.Get", call -> machineType(call.as(GetMachineTypeRequest.class)));
        methods.put("DiskTypes.Get", call -> diskType(call.as(GetDiskTypeRequest.class)));
        methods.put("Networks.Get", call -> network(call.as(GetNetworkRequest.class)));
    }

    private static Message zones(ListZonesRequest request) {
        ZoneList.Builder zones = ZoneList.newBuilder().setKind("compute#zoneList");
        for (String name : ComputeProject.ZONES) {
            Zone zone =
                    Zone.newBuilder()
                            .setKind("compute#zone")
                            .setId(id(name))
                            .setName(name)
                            .setStatus("UP")
                            .setRegion(BASE + "regions/" + region(name))
                            .setSelfLink(BASE + "zones/" + name)
                            .build();
            if (Filter.of(request.getFilter(), zone).test(zone)) {
                zones.addItems(zone);
            }
        }
        return zones.build();
    }

    private static Message regions(ListRegionsRequest request) {
        RegionList.Builder regions = RegionList.newBuilder().setKind("compute#regionList");
        List<String> names =
                ComputeProject.ZONES.stream().map(Catalogue::region).distinct().toList();
        for (String name : names) {
            Region region =
                    Region.newBuilder()
                            .setKind("compute#region")
                            .setId(id(name))
                            .setName(name)
                            .setStatus("UP")
                            .setSelfLink(BASE + "regions/" + name)
                            .addAllZones(
                                    ComputeProject.ZONES.stream()
                                            .filter(zone -> region(zone).equals(name))
                                            .map(zone -> BASE + "zones/" + zone)
                                            .toList())
                            .build();
            if (Filter.of(request.getFilter(), region).test(region)) {
                regions.addItems(region);
            }
        }
        return regions.build();
    }

    private static Message machineType(GetMachineTypeRequest request) {
        String path =
                "zones/%s/machineTypes/%s".formatted(request.getZone(), request.getMachineType());
        if (!ComputeProject.MACHINE_TYPES.contains(request.getMachineType())) {
            throw notFound(path);
        }
        return MachineType.newBuilder()
                .setKind("compute#machineType")
                .setId(id(path))
                .setName(request.getMachineType())
                .setGuestCpus(2)
                .setMemoryMb(2048)
                .setZone(request.getZone())
                .setSelfLink(BASE + path)
                .build();
    }

    private static Message diskType(GetDiskTypeRequest request) {
        String path = "zones/%s/diskTypes/%s".formatted(request.getZone(), request.getDiskType());
        if (!request.getDiskType().startsWith("pd-")) {
            throw notFound(path);
        }
        return DiskType.newBuilder()
                .setKind("compute#diskType")
                .setId(id(path))
                .setName(request.getDiskType())
                .setZone(BASE + "zones/" + request.getZone())
                .setSelfLink(BASE + path)
                .build();
    }

    private static Message network(GetNetworkRequest request) {
        String path = "global/networks/" + request.getNetwork();
        if (!request.getNetwork().equals("default")) {
            throw notFound(path);
        }
        return Network.newBuilder()
                .setKind("compute#network")
                .setId(id(path))
                .setName(request.getNetwork())
                .setAutoCreateSubnetworks(true)
                .setSelfLink(BASE + path)
                .build();
    }

    private static ApiError notFound(String path) {
        return new ApiError(
                404,
                "notFound",
                "The resource 'projects/%s/%s' was not found"
                        .formatted(ComputeServer.PROJECT, path));
    }

    private static String region(String zone) {
        return zone.substring(0, zone.lastIndexOf('-'));
    }

    private static long id(String name) {
        return 1_000_000L + Digest.of(name).below(50_000);
    }
}
