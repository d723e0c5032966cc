/// `formwork pool`: machines that clusters take and give back.
@NullMarked
package dev.formwork.cli.pool;

import org.jspecify.annotations.NullMarked;
