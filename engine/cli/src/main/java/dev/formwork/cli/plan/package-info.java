/// Asks the engine for plans and prints them as a person wants to read them.
@NullMarked
package dev.formwork.cli.plan;

import org.jspecify.annotations.NullMarked;
