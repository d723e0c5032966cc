/// How records are written into columns that hold JSON, with their secrets sealed. Each record has
/// a codec of its own that names every field: renaming a component changes no stored document.
@NullMarked
package dev.formwork.store.json;

import org.jspecify.annotations.NullMarked;
