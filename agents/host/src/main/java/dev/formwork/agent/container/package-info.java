/// Executes scripts in containers: images from registries and archives, unpacked here, run by crun.
@NullMarked
package dev.formwork.agent.container;

import org.jspecify.annotations.NullMarked;
