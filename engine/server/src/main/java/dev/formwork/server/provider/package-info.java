/// The providers that are open, and the worker that asks them for what the core wants done.
@NullMarked
package dev.formwork.server.provider;

import org.jspecify.annotations.NullMarked;
