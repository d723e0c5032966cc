/// Modules as they lie on disk, without an engine: packs and folders over the standard pack.
@NullMarked
package dev.formwork.cli.catalog;

import org.jspecify.annotations.NullMarked;
