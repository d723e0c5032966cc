/// The system as people have it: an engine's process, agents' processes, real etcd, driven over
/// HTTP. Everything else is tested nearer to where it is.
@NullMarked
package dev.formwork.system;

import org.jspecify.annotations.NullMarked;
