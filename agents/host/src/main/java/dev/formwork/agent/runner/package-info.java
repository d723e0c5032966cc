/// What executes a script: a shell, Python, and whatever else is on the class path.
@NullMarked
package dev.formwork.agent.runner;

import org.jspecify.annotations.NullMarked;
