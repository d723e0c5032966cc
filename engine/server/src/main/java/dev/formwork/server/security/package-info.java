/// Who may call: the API's token, and the host names by which the engine lets itself be called.
@NullMarked
package dev.formwork.server.security;

import org.jspecify.annotations.NullMarked;
