/// What machines load, by a path: files and rendered text.
@NullMarked
package dev.formwork.boot.content;

import org.jspecify.annotations.NullMarked;
