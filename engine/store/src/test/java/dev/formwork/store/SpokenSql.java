package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// All statements that a store has sent to PostgreSQL, out of the server's log; they must be such
/// as distributed databases that speak its language run too (docs/scaling.md). Used by one thread,
/// and by others once the server has ended.
final class SpokenSql implements Consumer<String> {
    private static final Pattern STATEMENT =
            Pattern.compile("formwork\\|LOG:  (?:statement|execute [^:]*): (.*)");

    private static final Pattern PLAIN =
            Pattern.compile(
                    "(select|insert into|update|delete from|with|begin|commit|rollback|set|show"
                            + "|create table|create index|alter table)\\b.*",
                    Pattern.CASE_INSENSITIVE);

    /// Flyway's, which takes it for the one transaction in which it makes tables, on PostgreSQL
    /// itself only.
    private static final Pattern OF_FLYWAY =
            Pattern.compile(
                    "select pg_try_advisory_xact_lock\\([^)]*\\)", Pattern.CASE_INSENSITIVE);

    private static final Pattern NOT_EVERYWHERE =
            Pattern.compile(
                    "\\b(pg_\\w*advisory\\w*|listen|notify|pg_notify|triggers?|functions?|procedures?"
                            + "|call|lock|cursor|temp|temporary|unlogged|extension)\\b",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/");
    private static final Pattern LITERAL = Pattern.compile("'[^']*'");

    private final List<String> statement = new ArrayList<>();
    private final Set<String> all = new LinkedHashSet<>();

    @Override
    public void accept(String line) {
        if (line.startsWith("\t")) {
            if (!statement.isEmpty()) {
                statement.add(line.strip());
            }
            return;
        }
        finish();
        Matcher begin = STATEMENT.matcher(line);
        if (begin.matches()) {
            statement.add(begin.group(1).strip());
        }
    }

    private void finish() {
        String code =
                statement.stream()
                        .filter(line -> !line.startsWith("--"))
                        .collect(Collectors.joining(" "));
        statement.clear();
        if (!code.isEmpty()) {
            all.add(COMMENT.matcher(code).replaceAll("").strip());
        }
    }

    void assertPlain() {
        finish();
        assertThat(all)
                .as("what the store says")
                .isNotEmpty()
                .allSatisfy(sql -> {
                    if (!OF_FLYWAY.matcher(sql).matches()) {
                        assertThat(LITERAL.matcher(sql).replaceAll("''"))
                                .matches(PLAIN)
                                .doesNotContainPattern(NOT_EVERYWHERE);
                    }
                });
    }
}
