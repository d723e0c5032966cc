/// Network segments with virtual machines on them, in namespaces of their own: for tests and
/// benchmarks.
@NullMarked
package dev.formwork.testkit.lab;

import org.jspecify.annotations.NullMarked;
