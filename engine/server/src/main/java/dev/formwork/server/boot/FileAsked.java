package dev.formwork.server.boot;

/// A machine wants a file of the boot environment that it boots: `BootFileRequest` of the API.
///
/// @param machine its id
/// @param server where it has reached its boot server: host and port
record FileAsked(String machine, String path, String server) {
    /// `BootFile` of the API.
    record Answer(String content) {}
}
