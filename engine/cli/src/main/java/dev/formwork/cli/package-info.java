/// The one program, `formwork`: its commands, and the engine itself as `formwork serve`.
@NullMarked
package dev.formwork.cli;

import org.jspecify.annotations.NullMarked;
