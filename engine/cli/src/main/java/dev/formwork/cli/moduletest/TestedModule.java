package dev.formwork.cli.moduletest;

import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.ModuleTest;

import java.util.List;

/// A module with its tests.
///
/// @param catalog all that it may use, itself too
/// @param folder where it lies, for people
record TestedModule(LoadedModule module, List<ModuleTest> tests, Catalog catalog, String folder) {}
