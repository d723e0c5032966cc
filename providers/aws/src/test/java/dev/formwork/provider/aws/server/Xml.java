package dev.formwork.provider.aws.server;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/// Writes one document.
final class Xml {
    static final String REQUEST_ID = "f6a8c9d2-0000-4000-8000-000000000001";

    private final StringBuilder text = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    Xml(String root, @Nullable String namespace) {
        text.append('<').append(root);
        if (namespace != null) {
            text.append(" xmlns=\"").append(namespace).append('"');
        }
        text.append('>');
        open.push(root);
    }

    Xml open(String name) {
        text.append('<').append(name).append('>');
        open.push(name);
        return this;
    }

    Xml close() {
        text.append("</").append(open.pop()).append('>');
        return this;
    }

    Xml text(String name, @Nullable Object value) {
        if (value != null) {
            open(name);
            text.append(
                    value.toString()
                            .replace("&", "&amp;")
                            .replace("<", "&lt;")
                            .replace(">", "&gt;"));
            close();
        }
        return this;
    }

    String end() {
        while (!open.isEmpty()) {
            close();
        }
        return text.toString();
    }
}
