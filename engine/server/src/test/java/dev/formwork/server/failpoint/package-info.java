@NullMarked
package dev.formwork.server.failpoint;

import org.jspecify.annotations.NullMarked;
