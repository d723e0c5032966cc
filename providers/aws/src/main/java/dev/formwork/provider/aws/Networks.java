package dev.formwork.provider.aws;

import dev.formwork.model.Names;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Remembered;

import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// Where in the network a machine is. Names are looked up once for all machines that are asked for
/// within a minute. Thread-safe.
final class Networks {
    private static final Pattern GROUP_ID = Pattern.compile("sg-[0-9a-f]{8}([0-9a-f]{9})?");
    private static final Pattern ORDINAL = Pattern.compile("(.*)-(\\d{1,9})");

    private final AwsCalls calls;
    private final Remembered<Wish, List<String>> found;

    Networks(AwsCalls calls, Clock clock) {
        this.calls = calls;
        this.found = new Remembered<>(clock);
    }

    private record Wish(List<String> groups, Optional<String> subnet) {}

    /// One of several subnets or zones: the members of a group take them in turn, by their
    /// ordinals, and groups begin at different ones. The same for every repeat.
    static Optional<String> spread(List<String> places, InstanceRequest request) {
        if (places.isEmpty()) {
            return Optional.empty();
        }
        Matcher numbered = ORDINAL.matcher(request.name());
        long turn =
                numbered.matches()
                        ? hash(numbered.group(1)) + Long.parseLong(numbered.group(2))
                        : hash(request.machine().value());
        return Optional.of(places.get((int) (turn % places.size())));
    }

    private static long hash(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }

    /// The ids of security groups of which some are said by name.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.invalid-spec` where there is none of a
    ///   name, or more than one
    List<String> groupIds(List<String> groups, Optional<String> subnet) {
        List<String> names =
                groups.stream().filter(each -> !GROUP_ID.matcher(each).matches()).toList();
        if (names.isEmpty()) {
            return groups;
        }
        return found.of(new Wish(groups, subnet), () -> look(groups, names, subnet));
    }

    private List<String> look(List<String> groups, List<String> names, Optional<String> subnet) {
        List<SecurityGroup> found = named(names, subnet);
        Set<String> ids = new LinkedHashSet<>();
        for (String each : groups) {
            ids.add(names.contains(each) ? only(each, found) : each);
        }
        return List.copyOf(ids);
    }

    private List<SecurityGroup> named(List<String> names, Optional<String> subnet) {
        List<Filter> filters = new ArrayList<>();
        filters.add(
                Marks.filter(
                        "group-name",
                        names.stream().map(Networks::literal).toArray(String[]::new)));
        subnet.ifPresent(id -> filters.add(Marks.filter("vpc-id", vpcOf(id))));
        return AwsCalls.pages(
                        next ->
                                calls.ec2(
                                        "look for security groups",
                                        ec2 ->
                                                ec2.describeSecurityGroups(it ->
                                                        it.filters(filters)
                                                                .maxResults(AwsCalls.PAGE)
                                                                .nextToken(next))),
                        DescribeSecurityGroupsResponse::nextToken)
                .stream()
                .flatMap(page -> page.securityGroups().stream())
                .toList();
    }

    private static String literal(String name) {
        return name.replaceAll("([*?\\\\])", "\\\\$1");
    }

    private String vpcOf(String subnet) {
        return calls.ec2(
                        "look at subnet " + Names.abbreviate(subnet),
                        ec2 -> ec2.describeSubnets(each -> each.subnetIds(subnet)))
                .subnets()
                .getFirst()
                .vpcId();
    }

    private static String only(String name, List<SecurityGroup> found) {
        List<String> ids =
                found.stream()
                        .filter(group -> group.groupName().equals(name))
                        .map(SecurityGroup::groupId)
                        .toList();
        if (ids.size() != 1) {
            throw ProviderCode.INVALID_SPEC.problem(
                    "there are %d security groups %s".formatted(ids.size(), Names.abbreviate(name)),
                    "say subnets, whose network they are looked for in, or the group's id");
        }
        return ids.getFirst();
    }
}
