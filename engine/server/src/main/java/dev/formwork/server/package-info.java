/// The engine as a service: the HTTP API and the door that agents come to.
@NullMarked
package dev.formwork.server;

import org.jspecify.annotations.NullMarked;
