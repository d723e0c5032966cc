package dev.formwork.boot.lease;

/// Something about the network that a person wants to know. It has a code as an error has, but
/// nobody asked for anything that failed.
///
/// @param code `dhcp.*` or `boot.link-down`, as docs/errors.md lists them
/// @param subject what it is about; the same thing is said about it once a minute at most
/// @param detail in words
/// @param isOver what was seen of the subject is no more
public record Observation(String code, String subject, String detail, boolean isOver) {
    public Observation(String code, String subject, String detail) {
        this(code, subject, detail, false);
    }
}
