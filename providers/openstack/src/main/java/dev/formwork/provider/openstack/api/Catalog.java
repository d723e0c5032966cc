package dev.formwork.provider.openstack.api;

import dev.formwork.provider.ProviderCode;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which services a cloud has, and where: what Keystone says with a token.
///
/// @param endpoints of all services, regions and faces
record Catalog(List<Endpoint> endpoints) {
    Catalog {
        endpoints = List.copyOf(endpoints);
    }

    /// @param face `public`, `internal` or `admin`
    record Endpoint(String type, String face, String region, URI url) {}

    static Catalog read(JsonNode catalog) {
        List<Endpoint> found = new ArrayList<>();
        for (JsonNode service : catalog) {
            for (JsonNode endpoint : service.path("endpoints")) {
                String region = endpoint.path("region_id").stringValue("");
                String url = endpoint.path("url").stringValue("");
                // What is no URL is a service's that nobody here calls, for all we know.
                if (url.matches("https?://[A-Za-z0-9._:\\[\\]/~-]+")) {
                    found.add(
                            new Endpoint(
                                    service.path("type").stringValue(""),
                                    endpoint.path("interface").stringValue(""),
                                    region.isEmpty()
                                            ? endpoint.path("region").stringValue("")
                                            : region,
                                    URI.create(url)));
                }
            }
        }
        return new Catalog(found);
    }

    /// @throws dev.formwork.model.ProblemException `provider.invalid-config` where there is none,
    ///   or several regions and nobody says which
    URI endpoint(Service service, Optional<String> region, String face) {
        Map<String, URI> byRegion = new TreeMap<>();
        for (Endpoint each : endpoints) {
            if (service.isOfType(each.type())
                    && each.face().equals(face)
                    && region.map(each.region()::equals).orElse(true)) {
                byRegion.putIfAbsent(each.region(), each.url());
            }
        }
        if (byRegion.size() == 1) {
            return byRegion.values().iterator().next();
        }
        if (byRegion.isEmpty()) {
            throw ProviderCode.INVALID_CONFIG.problem(
                    "the cloud's catalog has no %s endpoint of service %s%s"
                            .formatted(face, service, region.map(" in region "::concat).orElse("")),
                    "it has the regions "
                            + new TreeSet<>(endpoints.stream().map(Endpoint::region).toList()));
        }
        throw ProviderCode.INVALID_CONFIG.problem(
                "the cloud has several regions, and none is chosen",
                "set region to one of " + byRegion.keySet());
    }
}
