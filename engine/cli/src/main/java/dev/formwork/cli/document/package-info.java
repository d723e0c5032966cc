/// What a program reads: JSON and YAML.
@NullMarked
package dev.formwork.cli.document;

import org.jspecify.annotations.NullMarked;
