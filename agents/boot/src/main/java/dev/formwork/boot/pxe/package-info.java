/// What firmware is told to load: PXE (RFC 4578), UEFI HTTP boot, iPXE.
@NullMarked
package dev.formwork.boot.pxe;

import org.jspecify.annotations.NullMarked;
