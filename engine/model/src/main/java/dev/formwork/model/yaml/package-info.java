/// Reads YAML into the types of [dev.formwork.model.module]. This is the one place where untyped
/// text becomes typed: a file is either loaded whole, or refused with every problem that was found
/// in it, each with its line and column. The input is taken to be hostile: no tags beyond JSON's,
/// no merge keys, and limits on size, depth and aliases.
@NullMarked
package dev.formwork.model.yaml;

import org.jspecify.annotations.NullMarked;
