/// `formwork boot`: a boot server at a site where no engine is.
@NullMarked
package dev.formwork.cli.boot;

import org.jspecify.annotations.NullMarked;
