/// Runs the tests of modules: plans in this process, tasks on an engine that is thrown away.
@NullMarked
package dev.formwork.cli.moduletest;

import org.jspecify.annotations.NullMarked;
