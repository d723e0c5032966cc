/// The vocabulary that every other part speaks: names, ids, problems.
@NullMarked
package dev.formwork.model;

import org.jspecify.annotations.NullMarked;
