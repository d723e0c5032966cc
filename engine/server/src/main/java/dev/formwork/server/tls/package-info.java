/// TLS beyond the loopback: the CA that the engines of one store have in common, the certificate of
/// this engine's door, and whom it trusts.
@NullMarked
package dev.formwork.server.tls;

import org.jspecify.annotations.NullMarked;
