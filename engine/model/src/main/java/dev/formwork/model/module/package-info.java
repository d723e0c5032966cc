/// What YAML defines: tasks, workflows, interfaces, clusters, profiles, and the catalog of them.
@NullMarked
package dev.formwork.model.module;

import org.jspecify.annotations.NullMarked;
