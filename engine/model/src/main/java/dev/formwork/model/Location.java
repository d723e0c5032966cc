package dev.formwork.model;

/// A place in a source file. Lines and columns count from 1, as editors show them.
///
/// @param file the file as the user named it, relative to its pack or to the working directory
/// @param line from 1
/// @param column from 1
public record Location(String file, int line, int column) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
