@NullMarked
package dev.formwork.server.tls;

import org.jspecify.annotations.NullMarked;
