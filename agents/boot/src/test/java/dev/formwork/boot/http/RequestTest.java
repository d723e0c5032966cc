package dev.formwork.boot.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.util.List;

final class RequestTest {
    @Test
    void readsWhatIsAskedFor() {
        Request request = request("GET /a/b.efi?mac=52:54 HTTP/1.1", "Host: x", "Range: bytes=5-9");

        assertThat(request.method()).isEqualTo(Request.Method.GET);
        assertThat(request.path()).contains("a/b.efi");
        assertThat(request.query()).isEqualTo("mac=52:54");
        assertThat(request.range()).contains(new Request.Range(5, 9));
        assertThat(request.isLast()).isFalse();
        assertThat(request("HEAD http://10.0.0.1:80/x HTTP/1.1").path()).contains("x");
    }

    @Test
    void knowsWhenTheConnectionEnds() {
        assertThat(request("GET /x HTTP/1.0").isLast()).isTrue();
        assertThat(request("GET /x HTTP/1.0", "Connection: Keep-Alive").isLast()).isFalse();
        assertThat(request("GET /x HTTP/1.1", "Connection: close").isLast()).isTrue();
        assertThat(request("GET /x HTTP/1.1", "Content-Length: 5").isLast()).isTrue();
        assertThat(request("GET /x HTTP/1.1", "Transfer-Encoding: chunked").isLast()).isTrue();
    }

    @Test
    void refusesPathsThatLeaveTheRoot() {
        for (String path :
                List.of(
                        "/../x",
                        "/a/../../x",
                        "/%2e%2e/x",
                        "/a%2f..%2f..%2fx",
                        "/..%5cx",
                        "/",
                        "*",
                        "x",
                        "/%",
                        "/%2",
                        "/%zz",
                        "/a%00b")) {
            assertThat(request("GET " + path + " HTTP/1.1").path()).as(path).isEmpty();
        }
    }

    @Test
    void refusesWhatIsNoRequest() {
        for (String head :
                List.of(
                        "",
                        "GET",
                        "GET / HTTP/2.0",
                        "GET /x y HTTP/1.1",
                        "get /x HTTP/1.1",
                        "GET /x HTTP/1.1\r\nbad",
                        "GET /x HTTP/1.1\r\n folded: x")) {
            assertThat(Request.parse(head)).as(head).isEmpty();
        }
    }

    @Test
    void countsRanges() {
        assertThat(new Request.Range(0, 9).of(100)).contains(new Request.Part(0, 10));
        assertThat(new Request.Range(90, -1).of(100)).contains(new Request.Part(90, 10));
        assertThat(new Request.Range(90, 500).of(100)).contains(new Request.Part(90, 10));
        assertThat(new Request.Range(-1, 30).of(100)).contains(new Request.Part(70, 30));
        assertThat(new Request.Range(-1, 300).of(100)).contains(new Request.Part(0, 100));
        assertThat(new Request.Range(100, -1).of(100)).isEmpty();
        assertThat(new Request.Range(-1, 0).of(100)).isEmpty();
        assertThat(new Request.Range(0, -1).of(0)).isEmpty();
        for (String range : List.of("bytes=-", "bytes=9-5", "bytes=1-2,4-5", "lines=1-2", "x")) {
            assertThat(request("GET /x HTTP/1.1", "Range: " + range).range()).isEmpty();
        }
    }

    @Property
    void readsAnyTextWithoutAnException(@ForAll String noise) {
        assertThat(Request.parse(noise)).isNotNull();
        assertThat(Request.parse("GET /" + noise + " HTTP/1.1\r\nRange: bytes=" + noise))
                .isNotNull();
    }

    private static Request request(String... lines) {
        return Request.parse(String.join("\r\n", lines)).orElseThrow();
    }
}
