/// Who stays, joins and leaves: decided by pure functions of what is declared and what is recorded.
@NullMarked
package dev.formwork.workflow.membership;

import org.jspecify.annotations.NullMarked;
