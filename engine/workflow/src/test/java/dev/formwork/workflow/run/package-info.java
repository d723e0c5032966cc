/// Tests of the records and the graph of a run.
@NullMarked
package dev.formwork.workflow.run;

import org.jspecify.annotations.NullMarked;
