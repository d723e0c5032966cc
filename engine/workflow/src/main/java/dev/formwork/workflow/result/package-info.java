/// What is recorded of steps that succeeded, and the fingerprints that tell whether it still
/// counts.
@NullMarked
package dev.formwork.workflow.result;

import org.jspecify.annotations.NullMarked;
