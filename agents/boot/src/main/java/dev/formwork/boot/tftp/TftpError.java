package dev.formwork.boot.tftp;

/// The error codes of RFC 1350 that we send.
enum TftpError {
    UNDEFINED(0),
    NOT_FOUND(1),
    ACCESS(2),
    ILLEGAL(4);

    private final int code;

    TftpError(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
