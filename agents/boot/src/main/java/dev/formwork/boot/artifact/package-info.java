/// Artifacts of boot environments: fetched once by URL and digest, kept by digest.
@NullMarked
package dev.formwork.boot.artifact;

import org.jspecify.annotations.NullMarked;
