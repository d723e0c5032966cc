package dev.formwork.model.module;

import java.util.regex.Pattern;

/// A file that is fetched, and known by its digest.
///
/// @param url http or https
/// @param sha256 of the file: 64 hexadecimal digits, small
public record Download(String url, String sha256) {
    public static final Pattern URL = Pattern.compile("https?://[!-~]{1,2000}");

    public static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
}
