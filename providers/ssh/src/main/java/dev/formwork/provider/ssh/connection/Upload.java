package dev.formwork.provider.ssh.connection;

import java.nio.file.Path;

/// A file to put on a host.
///
/// @param name below the directory that it goes to, with slashes
/// @param isProgram whether it is to be run
public record Upload(String name, Path source, boolean isProgram) {}
