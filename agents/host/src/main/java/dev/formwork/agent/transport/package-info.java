/// The calls to the engine, on the JDK's light HTTP client, which starts fast on small machines.
@NullMarked
package dev.formwork.agent.transport;

import org.jspecify.annotations.NullMarked;
