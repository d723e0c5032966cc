package dev.formwork.model.yaml;

import dev.formwork.model.module.Download;

/// Decodes a file that is fetched.
final class DownloadDecoder {
    private final Decoding context;

    DownloadDecoder(Decoding context) {
        this.context = context;
    }

    Download download(Marked node) {
        Fields fields = Fields.open(node, Shape.DOWNLOAD, context);
        return new Download(
                fields.map(
                                "url",
                                url ->
                                        context.matching(
                                                url,
                                                Download.URL,
                                                "is no address",
                                                "such as https://example.org/image.tar"))
                        .orElse(""),
                fields.map(
                                "sha256",
                                digest ->
                                        context.matching(
                                                digest,
                                                Download.SHA256,
                                                "is no digest",
                                                "64 hexadecimal digits, as sha256sum prints them"))
                        .orElse(""));
    }
}
