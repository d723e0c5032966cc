/// Clusters, as the API shows them, and what people mark in them.
@NullMarked
package dev.formwork.server.cluster;

import org.jspecify.annotations.NullMarked;
