/// What the engine needs kept; engine/store implements it.
@NullMarked
package dev.formwork.workflow.store;

import org.jspecify.annotations.NullMarked;
