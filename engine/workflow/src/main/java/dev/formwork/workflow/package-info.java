/// Reads modules, compiles plans and runs them. Declares the store interfaces that it needs.
@NullMarked
package dev.formwork.workflow;

import org.jspecify.annotations.NullMarked;
