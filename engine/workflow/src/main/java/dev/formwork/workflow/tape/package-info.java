/// What runs were told from outside, put down so that they can be gone through again.
@NullMarked
package dev.formwork.workflow.tape;

import org.jspecify.annotations.NullMarked;
