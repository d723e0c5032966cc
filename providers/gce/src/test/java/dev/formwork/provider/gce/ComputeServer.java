package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.AggregatedListDisksRequest;
import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.DeleteDiskRequest;
import com.google.cloud.compute.v1.DeleteInstanceRequest;
import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.DiskAggregatedList;
import com.google.cloud.compute.v1.DisksScopedList;
import com.google.cloud.compute.v1.GetInstanceRequest;
import com.google.cloud.compute.v1.GetInstanceTemplateRequest;
import com.google.cloud.compute.v1.GetSerialPortOutputInstanceRequest;
import com.google.cloud.compute.v1.GetZoneOperationRequest;
import com.google.cloud.compute.v1.InsertInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceAggregatedList;
import com.google.cloud.compute.v1.InstancesScopedList;
import com.google.cloud.compute.v1.ListZoneOperationsRequest;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.OperationList;
import com.google.cloud.compute.v1.ResetInstanceRequest;
import com.google.cloud.compute.v1.StartInstanceRequest;
import com.google.cloud.compute.v1.StopInstanceRequest;
import com.google.cloud.compute.v1.Warning;
import com.google.protobuf.Message;

import dev.formwork.provider.tck.HttpService;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Compute Engine, as far as providers and other clients use it here, over HTTP. Thread-safe.
///
/// What it knows of its protocol it has from [ApiModel]: it takes no request and gives no answer
/// that is not in there. What instances do is in [ComputeProject].
final class ComputeServer implements HttpService {
    static final String PROJECT = "test-project";

    private static final int PAGE = 3;

    private final ComputeProject project = new ComputeProject();
    private final Catalogue catalogue = new Catalogue();
    private final TokenEndpoint tokens = new TokenEndpoint();
    private final Map<String, Function<ApiModel.Call, Message>> methods = new LinkedHashMap<>();

    ComputeServer() {
        methods.put("Instances.Insert", call -> insert(call.as(InsertInstanceRequest.class)));
        methods.put("Instances.Get", call -> instance(call.as(GetInstanceRequest.class)));
        methods.put("Instances.Delete", call -> delete(call.as(DeleteInstanceRequest.class)));
        methods.put("Instances.Start", call -> start(call.as(StartInstanceRequest.class)));
        methods.put("Instances.Stop", call -> stop(call.as(StopInstanceRequest.class)));
        methods.put("Instances.Reset", call -> reset(call.as(ResetInstanceRequest.class)));
        methods.put(
                "Instances.AggregatedList",
                call -> instances(call.as(AggregatedListInstancesRequest.class)));
        methods.put(
                "Instances.GetSerialPortOutput",
                call -> console(call.as(GetSerialPortOutputInstanceRequest.class)));
        methods.put(
                "Disks.AggregatedList", call -> disks(call.as(AggregatedListDisksRequest.class)));
        methods.put("Disks.Delete", call -> delete(call.as(DeleteDiskRequest.class)));
        methods.put(
                "InstanceTemplates.Get",
                call -> template(call.as(GetInstanceTemplateRequest.class)));
        methods.put("ZoneOperations.Get", call -> poll(call.as(GetZoneOperationRequest.class)));
        methods.put(
                "ZoneOperations.List",
                call -> operations(call.as(ListZoneOperationsRequest.class)));
        catalogue.methods(methods);
    }

    ComputeProject project() {
        return project;
    }

    TokenEndpoint tokens() {
        return tokens;
    }

    @Override
    public Response answer(Request request) {
        String path = request.target().getPath();
        if (path.equals(TokenEndpoint.PATH)) {
            return tokens.answer(request);
        }
        if (path.equals("/") || path.startsWith(TokenEndpoint.METADATA)) {
            return path.equals("/")
                    ? Response.of(200, "text/plain", "").with("Metadata-Flavor", "Google")
                    : tokens.metadata(request);
        }
        try {
            if (!tokens.accepts(request)) {
                throw new ApiError(
                        401,
                        "authError",
                        "Request had invalid authentication credentials. Expected OAuth 2 access token.");
            }
            ApiModel.Call call = ApiModel.call(request);
            Function<ApiModel.Call, Message> method = methods.get(call.method());
            if (method == null) {
                throw new ApiError(501, "notImplemented", "not here: " + call.method());
            }
            Object of =
                    call.request()
                            .getField(
                                    call.request()
                                            .getDescriptorForType()
                                            .findFieldByName("project"));
            if (catalogue.isUnknownProject(String.valueOf(of))) {
                throw new ApiError(
                        404, "notFound", "The resource 'projects/%s' was not found".formatted(of));
            }
            return Response.json(200, ApiModel.json(method.apply(call)));
        } catch (ApiError refused) {
            return refused.response();
        }
    }

    private Operation insert(InsertInstanceRequest request) {
        return project.once(
                request.getRequestId(),
                () ->
                        project.insert(
                                request.getZone(),
                                request.getInstanceResource(),
                                request.getSourceInstanceTemplate()));
    }

    private Instance instance(GetInstanceRequest request) {
        return project.instance(request.getZone(), request.getInstance());
    }

    private Operation delete(DeleteInstanceRequest request) {
        return project.once(
                request.getRequestId(),
                () -> project.delete(request.getZone(), request.getInstance()));
    }

    private Operation start(StartInstanceRequest request) {
        return project.once(
                request.getRequestId(),
                () -> project.start(request.getZone(), request.getInstance()));
    }

    private Operation stop(StopInstanceRequest request) {
        return project.once(
                request.getRequestId(),
                () -> project.stop(request.getZone(), request.getInstance()));
    }

    private Operation reset(ResetInstanceRequest request) {
        return project.once(
                request.getRequestId(),
                () -> project.reset(request.getZone(), request.getInstance()));
    }

    private Operation delete(DeleteDiskRequest request) {
        return project.once(
                request.getRequestId(),
                () -> project.deleteDisk(request.getZone(), request.getDisk()));
    }

    private Message console(GetSerialPortOutputInstanceRequest request) {
        return project.console(request.getZone(), request.getInstance(), request.getStart());
    }

    private Message template(GetInstanceTemplateRequest request) {
        return project.template(request.getInstanceTemplate());
    }

    private Operation poll(GetZoneOperationRequest request) {
        return project.poll(request.getZone(), request.getOperation());
    }

    private Message operations(ListZoneOperationsRequest request) {
        Page<Operation> page =
                Page.of(
                        matching(
                                project.operations(request.getZone()),
                                request.getFilter(),
                                Operation.getDefaultInstance()),
                        request.getPageToken(),
                        request.hasMaxResults() ? request.getMaxResults() : PAGE);
        OperationList.Builder list =
                OperationList.newBuilder()
                        .setKind("compute#operationList")
                        .addAllItems(page.items());
        page.next().ifPresent(list::setNextPageToken);
        return list.build();
    }

    private Message instances(AggregatedListInstancesRequest request) {
        Page<Instance> page =
                Page.of(
                        matching(
                                project.listed(),
                                request.getFilter(),
                                Instance.getDefaultInstance()),
                        request.getPageToken(),
                        request.hasMaxResults() ? request.getMaxResults() : PAGE);
        InstanceAggregatedList.Builder list =
                InstanceAggregatedList.newBuilder().setKind("compute#instanceAggregatedList");
        page.next().ifPresent(list::setNextPageToken);
        for (String zone : ComputeProject.ZONES) {
            List<Instance> here =
                    page.items().stream()
                            .filter(each -> each.getZone().endsWith("/" + zone))
                            .toList();
            InstancesScopedList.Builder part =
                    InstancesScopedList.newBuilder().addAllInstances(here);
            if (here.isEmpty()) {
                part.setWarning(none(zone));
            }
            list.putItems("zones/" + zone, part.build());
        }
        project.unreachable().forEach(list::addUnreachables);
        return list.build();
    }

    private Message disks(AggregatedListDisksRequest request) {
        Page<Disk> page =
                Page.of(
                        matching(project.disks(), request.getFilter(), Disk.getDefaultInstance()),
                        request.getPageToken(),
                        request.hasMaxResults() ? request.getMaxResults() : PAGE);
        DiskAggregatedList.Builder list =
                DiskAggregatedList.newBuilder().setKind("compute#diskAggregatedList");
        page.next().ifPresent(list::setNextPageToken);
        for (String zone : ComputeProject.ZONES) {
            List<Disk> here =
                    page.items().stream()
                            .filter(each -> each.getZone().endsWith("/" + zone))
                            .toList();
            DisksScopedList.Builder part = DisksScopedList.newBuilder().addAllDisks(here);
            if (here.isEmpty()) {
                part.setWarning(none(zone));
            }
            list.putItems("zones/" + zone, part.build());
        }
        project.unreachable().forEach(list::addUnreachables);
        return list.build();
    }

    private static Warning none(String zone) {
        return Warning.newBuilder()
                .setCode(Warning.Code.NO_RESULTS_ON_PAGE.name())
                .setMessage(
                        "There are no results for scope 'zones/%s' on this page.".formatted(zone))
                .build();
    }

    private static <M extends Message> List<M> matching(List<M> all, String filter, M example) {
        Predicate<Message> matches = Filter.of(filter, example);
        return all.stream().filter(matches).toList();
    }

    /// A page of a list, and the token of the next one, which the last one does not have.
    record Page<M>(List<M> items, Optional<String> next) {
        static <M> Page<M> of(List<M> all, String token, int most) {
            int from = 0;
            if (!token.isEmpty()) {
                if (!token.matches("page-\\d{1,6}")) {
                    throw new ApiError(
                            400, "invalid", "Invalid value for field 'pageToken': " + token);
                }
                from = Math.min(all.size(), Integer.parseInt(token.substring(5)));
            }
            int to = Math.min(all.size(), from + most);
            return new Page<>(
                    all.subList(from, to),
                    to < all.size() ? Optional.of("page-" + to) : Optional.empty());
        }
    }
}
