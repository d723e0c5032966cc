/// Into which parts the work of several engines is cut.
@NullMarked
package dev.formwork.workflow.shard;

import org.jspecify.annotations.NullMarked;
