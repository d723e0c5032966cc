/// What people set for machines.
@NullMarked
package dev.formwork.cli.machine;

import org.jspecify.annotations.NullMarked;
