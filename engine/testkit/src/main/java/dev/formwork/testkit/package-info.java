/// What tests of every module share.
@NullMarked
package dev.formwork.testkit;

import org.jspecify.annotations.NullMarked;
