/// Commands that decide: approve, cancel, pause, resume, retry, skip, resolve, taint.
@NullMarked
package dev.formwork.cli.act;

import org.jspecify.annotations.NullMarked;
