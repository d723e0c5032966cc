/// Makes HTTP calls that a module declares, each in a process of its own, as a script would be.
@NullMarked
package dev.formwork.agent.http;

import org.jspecify.annotations.NullMarked;
