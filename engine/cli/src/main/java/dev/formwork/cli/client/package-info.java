/// The engine's API as the program calls it. Starts fast: no web framework is loaded.
@NullMarked
package dev.formwork.cli.client;

import org.jspecify.annotations.NullMarked;
