/// Boot environments: what a machine is told to boot, made for it.
@org.jspecify.annotations.NullMarked
package dev.formwork.workflow.boot;
