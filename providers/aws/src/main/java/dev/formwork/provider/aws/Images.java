package dev.formwork.provider.aws;

import dev.formwork.model.Names;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.aws.MachineSpec.ImageChoice;

import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Looks images up.
final class Images {
    private final AwsCalls calls;

    Images(AwsCalls calls) {
        this.calls = calls;
    }

    /// @throws dev.formwork.model.ProblemException `provider.invalid-spec` where there is none
    Image find(ImageChoice choice) {
        return switch (choice) {
            case ImageChoice.ById(String id) -> byId(id);
            case ImageChoice.ByParameter(String name) -> byId(said(name));
            case ImageChoice.ByName wanted -> newest(wanted);
        };
    }

    private Image byId(String id) {
        return describe(id, DescribeImagesRequest.builder().imageIds(id).build()).stream()
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
        return describe(
                        what,
                        DescribeImagesRequest.builder()
                                .owners(wanted.owner())
                                .filters(filters)
                                .build())
                .stream()
                .max(Comparator.comparing(Image::creationDate).thenComparing(Image::imageId))
                .orElseThrow(() -> none(what));
    }

    private List<Image> describe(String what, DescribeImagesRequest request) {
        return calls.ec2("look for " + what, ec2 -> ec2.describeImages(request)).images();
    }

    private static RuntimeException none(String what) {
        return ProviderCode.INVALID_SPEC.problem(
                "there are none in this region that we may use: " + what,
                "check the id, the owner and the name's pattern");
    }
}
