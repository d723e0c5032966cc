/// A plan being carried out: a stepped state machine without threads, clocks or sockets.
@NullMarked
package dev.formwork.workflow.run;

import org.jspecify.annotations.NullMarked;
