/// Keeps the modules that were fetched, checked by digest.
@NullMarked
package dev.formwork.agent.module;

import org.jspecify.annotations.NullMarked;
