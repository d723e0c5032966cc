/// Sockets for machines that have no address yet: Linux's own, by the foreign-function API.
@NullMarked
package dev.formwork.boot.net;

import org.jspecify.annotations.NullMarked;
