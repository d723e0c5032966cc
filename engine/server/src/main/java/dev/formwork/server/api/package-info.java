/// How the API speaks: JSON, problems and their status, for every feature's routes alike.
@NullMarked
package dev.formwork.server.api;

import org.jspecify.annotations.NullMarked;
