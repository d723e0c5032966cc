/// What is done to threads.
@NullMarked
package dev.formwork.boot.thread;

import org.jspecify.annotations.NullMarked;
