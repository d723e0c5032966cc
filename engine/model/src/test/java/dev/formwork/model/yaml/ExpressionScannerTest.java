package dev.formwork.model.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.yaml.ExpressionScanner.Piece;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Collectors;

class ExpressionScannerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.b",
                "'}}'",
                "\"}}\"",
                "'it\\'s }}'",
                "'''a ' '' }} \n b'''",
                "\"\"\"a \" }} b\"\"\"",
                "r'\\' + '}}'",
                "br'\\' + '}}'",
                "R\"\"\"\\\"\"\" + '}}'",
                "{'a': {'b': 1}}",
                "{'a': {'b': {}}}",
                "[{'a': 1}, {'}}': '{{'}]",
                "1 / 2 // it's half\n + 1",
                "1 // it's a brace {\n + 1",
                "your'}}'",
                "'\\\\'",
            })
    void findsTheEndOfAnExpression(String code) {
        assertThat(ExpressionScanner.split("${{ " + code + " }}"))
                .containsExactly(new Piece.Code(code, 0));
        assertThat(ExpressionScanner.split("<${{" + code + "}}>"))
                .containsExactly(
                        new Piece.Literal("<"), new Piece.Code(code, 0), new Piece.Literal(">"));
    }

    @Test
    void splitsATextAtItsExpressions() {
        assertThat(ExpressionScanner.split("a ${{ b }}${{c}} d }} {{ $ e"))
                .containsExactly(
                        new Piece.Literal("a "),
                        new Piece.Code("b", 0),
                        new Piece.Code("c", 1),
                        new Piece.Literal(" d }} {{ $ e"));
    }

    @Test
    void takesAnEscapedOpeningForText() {
        assertThat(ExpressionScanner.split("$${{ a }} $$${{ ${{ '${{' }}${{ b }}"))
                .containsExactly(
                        new Piece.Literal("${{ a }} $${{ "),
                        new Piece.Code("'${{'", 2),
                        new Piece.Code("b", 4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"${{", "${{ a }", "${{ 'a }}", "${{ \"\"\"a\"\" }}", "${{ {a }}", "${{ '\\"})
    void saysWhereAnExpressionHasNoEnd(String text) {
        assertThat(ExpressionScanner.split(text)).containsExactly(new Piece.Unterminated(0));
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
                        "${{", "}}", "{", "}", "$", "'", "\"", "'''", "\"\"\"", "r", "b", "\\",
                        "//", "\n", " ", "a", "1")
                .list()
                .ofMaxSize(30)
                .map(list -> String.join("", list));
    }

    @Property
    void losesNothing(@ForAll("pieces") String text) {
        List<Piece> pieces = ExpressionScanner.split(text.replace("$${{", "$ {{"));
        String joined =
                pieces.stream()
                        .map(piece ->
                                switch (piece) {
                                    case Piece.Literal(String literal) -> literal;
                                    case Piece.Code(String source, _) -> "${{" + source + "}}";
                                    case Piece.Unterminated _ -> "";
                                })
                        .collect(Collectors.joining());
        assertThat(text.replace("$${{", "$ {{").replaceAll("\\s", ""))
                .startsWith(joined.replaceAll("\\s", ""));
    }

    @Property
    void readsAnEscapedTextAsItWas(@ForAll("pieces") String text) {
        String escaped = text.replace("${{", "$${{");
        String read =
                ExpressionScanner.split(escaped).stream()
                        .map(piece -> ((Piece.Literal) piece).text())
                        .collect(Collectors.joining());
        assertThat(read).isEqualTo(text);
    }
}
