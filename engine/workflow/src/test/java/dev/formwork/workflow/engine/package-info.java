/// Tests of the engine's core, rule by rule.
@NullMarked
package dev.formwork.workflow.engine;

import org.jspecify.annotations.NullMarked;
