/// The contract of the provider SPI as tests, which every provider runs as its own.
@NullMarked
package dev.formwork.provider.tck;

import org.jspecify.annotations.NullMarked;
