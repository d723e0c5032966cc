/// Packs and their modules: uploaded, checked, stored by their content, listed.
@NullMarked
package dev.formwork.server.module;

import org.jspecify.annotations.NullMarked;
