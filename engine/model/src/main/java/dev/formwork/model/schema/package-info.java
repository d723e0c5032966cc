/// The published JSON Schemas of every kind of YAML document, for editors. A test holds them
/// against the loader of [dev.formwork.model.yaml].
@NullMarked
package dev.formwork.model.schema;

import org.jspecify.annotations.NullMarked;
