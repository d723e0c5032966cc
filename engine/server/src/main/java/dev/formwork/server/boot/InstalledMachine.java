package dev.formwork.server.boot;

/// A machine whose system is installed: `InstalledMachine` of the API.
///
/// @param machine its id
record InstalledMachine(String machine) {}
