/// A small HTTP server for machines that boot: GET and HEAD with ranges, by `sendfile`.
@NullMarked
package dev.formwork.boot.http;

import org.jspecify.annotations.NullMarked;
