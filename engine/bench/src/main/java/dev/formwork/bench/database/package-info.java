/// The databases that are measured, and what each can do at best.
@NullMarked
package dev.formwork.bench.database;

import org.jspecify.annotations.NullMarked;
