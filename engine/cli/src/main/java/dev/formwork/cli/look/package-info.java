/// Commands that look: status, lists, logs, explanations.
@NullMarked
package dev.formwork.cli.look;

import org.jspecify.annotations.NullMarked;
