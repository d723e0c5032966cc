/// Drives the parts: threads, queues and what has to be durable before it is said.
@NullMarked
package dev.formwork.boot.server;

import org.jspecify.annotations.NullMarked;
