/// Commands that decide: approve, cancel, retry, resolve, taint.
@NullMarked
package dev.formwork.cli.act;

import org.jspecify.annotations.NullMarked;
