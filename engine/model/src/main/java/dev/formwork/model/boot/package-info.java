/// How the boot server of an engine, or of a remote site, is set up.
@NullMarked
package dev.formwork.model.boot;

import org.jspecify.annotations.NullMarked;
