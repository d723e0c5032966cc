/// Tests of compiled steps.
@NullMarked
package dev.formwork.workflow.graph;

import org.jspecify.annotations.NullMarked;
