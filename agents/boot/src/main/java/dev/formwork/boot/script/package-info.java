/// What a machine does once iPXE runs: who it says it is, what is decided, and the script for that.
@NullMarked
package dev.formwork.boot.script;

import org.jspecify.annotations.NullMarked;
