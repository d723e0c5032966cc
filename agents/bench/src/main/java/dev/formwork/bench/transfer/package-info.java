/// How fast files come by TFTP and HTTP, from our server and others, and to many machines at once.
@NullMarked
package dev.formwork.bench.transfer;

import org.jspecify.annotations.NullMarked;
