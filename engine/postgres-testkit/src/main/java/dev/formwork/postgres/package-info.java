/// Throwaway PostgreSQL servers, for tests and benchmarks.
@NullMarked
package dev.formwork.postgres;

import org.jspecify.annotations.NullMarked;
