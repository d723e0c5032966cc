package dev.formwork.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// One figure as several rounds gave it, in the order of the rounds.
public record Series(double median, double least, double most, List<Double> rounds) {
    public Series {
        rounds = List.copyOf(rounds);
    }

    /// @param digits how many digits behind the point are worth telling
    public static Series of(Collection<Double> rounds, int digits) {
        List<Double> told = rounds.stream().map(each -> rounded(each, digits)).toList();
        return new Series(
                rounded(percentile(rounds, 50), digits),
                told.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                told.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                told);
    }

    /// `[least-most]`.
    ///
    /// @param format of each, such as `%,.0f`
    public String range(String format) {
        return String.format(Locale.ROOT, "[" + format + "-" + format + "]", least, most);
    }

    /// Round by round, so that what slowed both down counts in neither.
    public static Series ratios(List<Double> ours, List<Double> theirs) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
            ratios.add(ours.get(round) / theirs.get(round));
        }
        return of(ratios, 3);
    }

    /// The nearest-rank percentile.
    ///
    /// @param percent above 0, up to 100
    /// @param samples at least one
    public static double percentile(Collection<Double> samples, int percent) {
        double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return Arrays.stream(sorted).skip(Math.max(1, rank) - 1L).findFirst().orElseThrow();
    }

    static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}
