package dev.formwork.bench.report;

/// All figures of one run of a benchmark: a record whose parts are the JSON.
public interface Report {
    /// Tables for people.
    String text();
}
