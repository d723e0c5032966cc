package dev.formwork.provider.aws.server;

import dev.formwork.provider.aws.server.Ec2Machine.State;
import dev.formwork.provider.tck.HttpService.Response;

import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Does one action of EC2's Query API, version 2016-11-15, and writes its answer.
final class Ec2Actions {
    private static final String VERSION = "2016-11-15";
    private static final int CONSOLE_KEPT = 64 * 1024;

    private final Ec2Account account;

    /// Of a page, whatever the request says: EC2 too may give fewer than were asked for.
    private final int mostOfAPage;

    Ec2Actions(Ec2Account account, int mostOfAPage) {
        this.account = account;
        this.mostOfAPage = mostOfAPage;
    }

    Response act(Parameters asked) {
        String action = asked.required("Action");
        if (!asked.required("Version").equals(VERSION)) {
            throw new Refusal("NoSuchVersion", "The requested version is not known");
        }
        Xml answer =
                new Xml(action + "Response", "http://ec2.amazonaws.com/doc/" + VERSION + "/")
                        .text("requestId", Xml.REQUEST_ID);
        switch (action) {
            case "RunInstances" -> run(asked, answer);
            case "DescribeInstances" -> describeInstances(asked, answer);
            case "TerminateInstances" -> change(asked, answer, this::terminate);
            case "StartInstances" -> change(asked, answer, this::start);
            case "StopInstances" -> stop(asked, answer);
            case "RebootInstances" -> reboot(asked, answer);
            case "GetConsoleOutput" -> console(asked, answer);
            case "CreateTags" -> createTags(asked, answer);
            case "DeleteTags" -> deleteTags(asked, answer);
            case "DescribeImages" -> describeImages(asked, answer);
            case "DescribeSubnets" -> describeSubnets(asked, answer);
            case "DescribeSecurityGroups" -> describeGroups(asked, answer);
            case "DescribeVolumes" -> describeVolumes(asked, answer);
            default ->
                    throw new Refusal(
                            "InvalidAction",
                            "The action %s is not valid for this web service.".formatted(action));
        }
        return Answers.xml(200, answer.end());
    }

    private void run(Parameters asked, Xml answer) {
        Ec2Machine made = new Launch(account, asked).run();
        answer.text("reservationId", made.birth.reservation());
        answer.text("ownerId", Ec2Account.OWNER).open("groupSet").close().open("instancesSet");
        Descriptions.instance(answer, made);
    }

    private void describeInstances(Parameters asked, Xml answer) {
        List<String> ids = asked.list("InstanceId");
        Map<String, List<String>> filters = asked.filters();
        Page page = page(asked, !ids.isEmpty());
        asked.finish();
        List<Ec2Machine> all =
                (ids.isEmpty() ? account.shown() : ids.stream().map(account::machine).toList())
                        .stream()
                                .filter(machine ->
                                        Filters.fit(filters, name -> values(machine, name)))
                                .toList();
        answer.open("reservationSet");
        for (Ec2Machine machine : page.of(all)) {
            answer.open("item").text("reservationId", machine.birth.reservation());
            answer.text("ownerId", Ec2Account.OWNER).open("groupSet").close();
            answer.open("instancesSet");
            Descriptions.instance(answer, machine);
            answer.close().close();
        }
        answer.close();
        page.end(answer, all);
    }

    /// A part of a list.
    private record Page(int from, int most) {
        <T> List<T> of(List<T> all) {
            int to = Math.min(all.size(), from + most);
            return all.subList(Math.min(from, to), to);
        }

        void end(Xml answer, List<?> all) {
            if (from + most < all.size()) {
                answer.text("nextToken", "from-" + (from + most));
            }
        }
    }

    /// @param areNamed whether the request says which things it means: then it has no pages
    private Page page(Parameters asked, boolean areNamed) {
        int most = asked.integer("MaxResults", 1000, 5, 1000);
        if (areNamed && asked.text("MaxResults").isPresent()) {
            throw new Refusal(
                    "InvalidParameterCombination",
                    "The parameter instancesSet cannot be used with the parameter maxResults");
        }
        int from = asked.text("NextToken").map(Ec2Actions::position).orElse(0);
        return new Page(from, Math.min(most, mostOfAPage));
    }

    private static int position(String token) {
        if (!token.matches("from-\\d{1,6}")) {
            throw new Refusal("InvalidNextToken", "The NextToken is not valid");
        }
        return Integer.parseInt(token.substring(5));
    }

    private static Stream<String> values(Ec2Machine machine, String filter) {
        if (filter.startsWith("tag:")) {
            return tagged(machine.tags, filter.substring(4));
        }
        return switch (filter) {
            case "instance-state-name" -> Stream.of(machine.state.word());
            case "client-token" -> Stream.of(machine.birth.clientToken());
            case "instance-id" -> Stream.of(machine.birth.id());
            case "tag-key" -> machine.tags.keySet().stream();
            default -> throw Filters.unknown(filter);
        };
    }

    private void change(Parameters asked, Xml answer, BiConsumer<Ec2Machine, Boolean> to) {
        change(asked, answer, to, false);
    }

    private void change(
            Parameters asked, Xml answer, BiConsumer<Ec2Machine, Boolean> to, boolean force) {
        List<String> ids = asked.list("InstanceId");
        asked.finish();
        if (ids.isEmpty()) {
            throw new Refusal("MissingParameter", "The request must contain InstanceId");
        }
        answer.open("instancesSet");
        for (Ec2Machine machine : ids.stream().map(account::machine).toList()) {
            State before = machine.state;
            to.accept(machine, force);
            answer.open("item").text("instanceId", machine.birth.id());
            Descriptions.state(answer, "currentState", machine.state);
            Descriptions.state(answer, "previousState", before);
            answer.close();
        }
    }

    private void terminate(Ec2Machine machine, boolean force) {
        if (machine.state != State.SHUTTING_DOWN && machine.state != State.TERMINATED) {
            machine.enter(
                    State.SHUTTING_DOWN,
                    "Client.UserInitiatedShutdown",
                    "Client.UserInitiatedShutdown: User initiated shutdown");
        }
    }

    private void start(Ec2Machine machine, boolean force) {
        switch (machine.state) {
            case PENDING, RUNNING -> {}
            case STOPPED -> {
                machine.enter(State.PENDING, "", "");
                machine.startedAt = account.clock.instant();
            }
            case STOPPING, SHUTTING_DOWN, TERMINATED -> throw incorrect(machine, "started");
        }
    }

    private void stop(Parameters asked, Xml answer) {
        change(asked, answer, this::stop, asked.flag("Force", false));
    }

    private void stop(Ec2Machine machine, boolean force) {
        switch (machine.state) {
            case STOPPING, STOPPED -> {}
            case RUNNING -> {
                if (machine.birth.parameters().containsKey("InstanceMarketOptions.MarketType")) {
                    throw new Refusal(
                            "UnsupportedOperation",
                            "You can't stop the Spot Instance '%s' because it is associated with a"
                                            .formatted(machine.birth.id())
                                    + " one-time Spot Instance request.");
                }
                machine.enter(
                        State.STOPPING,
                        "Client.UserInitiatedShutdown",
                        "Client.UserInitiatedShutdown: User initiated shutdown");
            }
            case PENDING, SHUTTING_DOWN, TERMINATED -> throw incorrect(machine, "stopped");
        }
    }

    private void reboot(Parameters asked, Xml answer) {
        List<String> ids = asked.list("InstanceId");
        asked.finish();
        for (Ec2Machine machine : ids.stream().map(account::machine).toList()) {
            if (machine.state != State.RUNNING && machine.state != State.PENDING) {
                throw incorrect(machine, "rebooted");
            }
            machine.reboots++;
        }
        answer.text("return", true);
    }

    private static Refusal incorrect(Ec2Machine machine, String verb) {
        return new Refusal(
                "IncorrectInstanceState",
                "The instance '%s' is not in a state from which it can be %s."
                        .formatted(machine.birth.id(), verb));
    }

    private void console(Parameters asked, Xml answer) {
        Ec2Machine machine = account.machine(asked.required("InstanceId"));
        boolean latest = asked.flag("Latest", false);
        asked.finish();
        if (latest && machine.birth.parameter("InstanceType", "").startsWith("t2.")) {
            throw new Refusal(
                    "UnsupportedOperation",
                    "This instance type does not support retrieving the latest console logs.");
        }
        byte[] all = machine.console.toByteArray();
        byte[] kept = Arrays.copyOfRange(all, Math.max(0, all.length - CONSOLE_KEPT), all.length);
        answer.text("instanceId", machine.birth.id());
        answer.text("timestamp", account.clock.instant().truncatedTo(ChronoUnit.SECONDS));
        answer.text("output", Base64.getEncoder().encodeToString(kept));
    }

    private void createTags(Parameters asked, Xml answer) {
        Map<String, String> tags = new TreeMap<>();
        for (String each : asked.items("Tag")) {
            tags.put(asked.required(each + ".Key"), asked.text(each + ".Value").orElse(""));
        }
        List<String> ids = asked.list("ResourceId");
        asked.finish();
        ids.forEach(id -> account.machine(id).tags.putAll(tags));
        answer.text("return", true);
    }

    private void deleteTags(Parameters asked, Xml answer) {
        Map<String, String> tags = new TreeMap<>();
        for (String each : asked.items("Tag")) {
            // A tag goes only if it has this value, where one is said; none here is "*".
            tags.put(asked.required(each + ".Key"), asked.text(each + ".Value").orElse("*"));
        }
        List<String> ids = asked.list("ResourceId");
        asked.finish();
        for (String id : ids) {
            account.machine(id)
                    .tags
                    .entrySet()
                    .removeIf(tag ->
                            tag.getValue().equals(tags.get(tag.getKey()))
                                    || "*".equals(tags.get(tag.getKey())));
        }
        answer.text("return", true);
    }

    private void describeImages(Parameters asked, Xml answer) {
        List<String> ids = asked.list("ImageId");
        List<String> owners = asked.list("Owner");
        Map<String, List<String>> filters = asked.filters();
        Page page = page(asked, !ids.isEmpty());
        asked.finish();
        for (String id : ids) {
            if (!account.images.containsKey(id)) {
                throw new Refusal(
                        "InvalidAMIID.NotFound",
                        "The image id '[%s]' does not exist".formatted(id));
            }
        }
        List<Ec2Account.Image> all =
                account.images.values().stream()
                        .filter(image -> ids.isEmpty() || ids.contains(image.id()))
                        .filter(image -> owners.isEmpty() || owners.contains(owner(image, owners)))
                        .filter(image -> Filters.fit(filters, name -> values(image, name)))
                        .toList();
        answer.open("imagesSet");
        page.of(all).forEach(image -> Descriptions.image(answer, image));
        answer.close();
        page.end(answer, all);
    }

    private static String owner(Ec2Account.Image image, List<String> owners) {
        return owners.contains("self") && image.owner().equals(Ec2Account.OWNER)
                ? "self"
                : image.owner();
    }

    private static Stream<String> values(Ec2Account.Image image, String filter) {
        return switch (filter) {
            case "name" -> Stream.of(image.name());
            case "architecture" -> Stream.of(image.architecture());
            case "state" -> Stream.of("available");
            default -> throw Filters.unknown(filter);
        };
    }

    private void describeSubnets(Parameters asked, Xml answer) {
        List<String> ids = asked.list("SubnetId");
        asked.finish();
        answer.open("subnetSet");
        for (String id : ids) {
            Ec2Account.Subnet subnet = account.subnets.get(id);
            if (subnet == null) {
                throw new Refusal(
                        "InvalidSubnetID.NotFound",
                        "The subnet ID '%s' does not exist".formatted(id));
            }
            answer.open("item").text("subnetId", id).text("vpcId", subnet.vpc());
            answer.text("state", "available").text("availabilityZone", subnet.zone()).close();
        }
    }

    private void describeGroups(Parameters asked, Xml answer) {
        Map<String, List<String>> filters = asked.filters();
        Page page = page(asked, false);
        asked.finish();
        Predicate<Ec2Account.Group> wanted =
                group ->
                        Filters.fit(
                                filters,
                                name ->
                                        switch (name) {
                                            case "group-name" -> Stream.of(group.name());
                                            case "vpc-id" -> Stream.of(group.vpc());
                                            default -> throw Filters.unknown(name);
                                        });
        List<Ec2Account.Group> all = account.groups.values().stream().filter(wanted).toList();
        answer.open("securityGroupInfo");
        page.of(all)
                .forEach(group ->
                        answer.open("item")
                                .text("ownerId", Ec2Account.OWNER)
                                .text("groupId", group.id())
                                .text("groupName", group.name())
                                .text("groupDescription", group.name())
                                .text("vpcId", group.vpc())
                                .close());
        answer.close();
        page.end(answer, all);
    }

    private static Stream<String> tagged(Map<String, String> tags, String key) {
        return tags.containsKey(key) ? Stream.of(tags.getOrDefault(key, "")) : Stream.empty();
    }

    private void describeVolumes(Parameters asked, Xml answer) {
        Map<String, List<String>> filters = asked.filters();
        asked.finish();
        answer.open("volumeSet");
        account.volumes()
                .filter(volume ->
                        Filters.fit(
                                filters,
                                name -> tagged(volume.tags(), name.replaceFirst("^tag:", ""))))
                .forEach(volume -> Descriptions.volume(answer, volume));
    }

    /// An item fits where, for each filter, one of its values fits one of the filter's.
    private static final class Filters {
        interface Values {
            Stream<String> of(String filter);
        }

        static boolean fit(Map<String, List<String>> filters, Values values) {
            return filters.entrySet().stream()
                    .allMatch(filter ->
                            values.of(filter.getKey())
                                    .anyMatch(value ->
                                            filter.getValue().stream()
                                                    .anyMatch(wanted -> fits(wanted, value))));
        }

        /// `*` is any text, `?` any character, and a backslash before either is itself.
        private static boolean fits(String wanted, String value) {
            StringBuilder pattern = new StringBuilder();
            for (int i = 0; i < wanted.length(); i++) {
                char each = wanted.charAt(i);
                if (each == '\\' && i + 1 < wanted.length()) {
                    pattern.append(Pattern.quote(wanted.substring(++i, i + 1)));
                } else {
                    pattern.append(
                            switch (each) {
                                case '*' -> ".*";
                                case '?' -> ".";
                                default -> Pattern.quote(String.valueOf(each));
                            });
                }
            }
            return Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(value).matches();
        }

        static Refusal unknown(String name) {
            return new Refusal(
                    "InvalidParameterValue", "The filter '%s' is invalid".formatted(name));
        }
    }
}
