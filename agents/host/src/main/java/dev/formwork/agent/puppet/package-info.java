/// Applies Puppet manifests as they are: inputs become data that they look up.
@NullMarked
package dev.formwork.agent.puppet;

import org.jspecify.annotations.NullMarked;
