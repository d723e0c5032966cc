/// A TFTP server that is read only: RFC 1350, options 2347-2349, windows 7440.
@NullMarked
package dev.formwork.boot.tftp;

import org.jspecify.annotations.NullMarked;
