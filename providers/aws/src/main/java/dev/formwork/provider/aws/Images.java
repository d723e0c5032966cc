package dev.formwork.provider.aws;

import dev.formwork.model.Names;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Remembered;
import dev.formwork.provider.aws.MachineSpec.ImageChoice;

import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Looks images up, once for all machines that are asked for within a minute. Thread-safe.
final class Images {
    private final AwsCalls calls;
    private final Remembered<ImageChoice, Image> found;

    Images(AwsCalls calls, Clock clock) {
        this.calls = calls;
        this.found = new Remembered<>(clock);
    }

    /// @throws dev.formwork.model.ProblemException `provider.invalid-spec` where there is none
    Image find(ImageChoice choice) {
        return found.of(choice, () -> look(choice));
    }

    private Image look(ImageChoice choice) {
        return switch (choice) {
            case ImageChoice.ById(String id) -> byId(id);
            case ImageChoice.ByParameter(String name) -> byId(said(name));
            case ImageChoice.ByName wanted -> newest(wanted);
        };
    }

    private Image byId(String id) {
        return calls
                .ec2("look for " + id, ec2 -> ec2.describeImages(each -> each.imageIds(id)))
                .images()
                .stream()
                .findFirst()
                .orElseThrow(() -> none("image " + id));
    }

    private String said(String parameter) {
        String id = calls.parameter(parameter);
        if (!id.matches("ami-[0-9a-f]{8,17}")) {
            throw ProviderCode.INVALID_SPEC.problem(
                    "parameter %s names no image: %s"
                            .formatted(Names.abbreviate(parameter), Names.abbreviate(id)),
                    "one whose value is an id, such as ami-0123456789abcdef0");
        }
        return id;
    }

    private Image newest(ImageChoice.ByName wanted) {
        List<Filter> filters = new ArrayList<>();
        filters.add(Marks.filter("name", wanted.name()));
        filters.add(Marks.filter("state", "available"));
        wanted.architecture().ifPresent(it -> filters.add(Marks.filter("architecture", it)));
        String what = "images %s of %s".formatted(Names.abbreviate(wanted.name()), wanted.owner());
        // Creation dates are ISO 8601, so their order is that of the texts; the id decides between
        // two of one moment.
        return described(
                        what,
                        DescribeImagesRequest.builder()
                                .owners(wanted.owner())
                                .filters(filters)
                                .build())
                .stream()
                .max(
                        Comparator.comparing(
                                        Image::creationDate,
                                        Comparator.nullsFirst(Comparator.naturalOrder()))
                                .thenComparing(Image::imageId))
                .orElseThrow(() -> none(what));
    }

    /// How long a page is, is left to EC2: older ones have none, and know no word for it.
    private List<Image> described(String what, DescribeImagesRequest request) {
        return AwsCalls.pages(
                        next ->
                                calls.ec2(
                                        "look for " + what,
                                        ec2 ->
                                                ec2.describeImages(
                                                        request.toBuilder()
                                                                .nextToken(next)
                                                                .build())),
                        DescribeImagesResponse::nextToken)
                .stream()
                .flatMap(page -> page.images().stream())
                .toList();
    }

    private static RuntimeException none(String what) {
        return ProviderCode.INVALID_SPEC.problem(
                "there are none in this region that we may use: " + what,
                "check the id, the owner and the name's pattern");
    }
}
