/// What a provider of machines implements: to make, find, power and remove them.
@NullMarked
package dev.formwork.provider;

import org.jspecify.annotations.NullMarked;
