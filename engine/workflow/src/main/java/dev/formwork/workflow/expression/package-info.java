/// The expressions in `${{ }}`: CEL (cel.dev), typed against what a module declares, hermetic and
/// bounded. An expression is compiled once; what it reads is known without evaluating it, and that
/// is where a plan's order comes from.
@NullMarked
package dev.formwork.workflow.expression;

import org.jspecify.annotations.NullMarked;
