/// The compiled graph of a cluster: nodes, their order, and what each needs to be evaluated.
@NullMarked
package dev.formwork.workflow.graph;

import org.jspecify.annotations.NullMarked;
