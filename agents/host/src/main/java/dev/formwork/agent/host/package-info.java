/// The way to a host that an agent works from elsewhere: nothing but a shell is there.
@NullMarked
package dev.formwork.agent.host;

import org.jspecify.annotations.NullMarked;
