/// What a machine is recognised by before anything of ours runs on it.
@NullMarked
package dev.formwork.model.hardware;

import org.jspecify.annotations.NullMarked;
