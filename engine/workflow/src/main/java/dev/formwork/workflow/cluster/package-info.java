/// Clusters as the engine records them.
@NullMarked
package dev.formwork.workflow.cluster;

import org.jspecify.annotations.NullMarked;
