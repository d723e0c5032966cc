package dev.formwork.agent.job;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;

/// Replaces secret values in a stream of bytes by `***`, also where chunks split them. Every byte
/// that is part of any occurrence of any secret is hidden; neighbours become one mask. Keeps back
/// only bytes that could be the start of a secret. The result does not depend on how the stream is
/// cut into chunks. Linear in the bytes, whatever the secrets are (Aho and Corasick, 1975). For one
/// thread.
final class SecretMasker {
    private static final byte[] MASK = "***".getBytes(StandardCharsets.US_ASCII);
    private static final int ROOT = 0;

    // The trie: children are linked lists, because nearly every node has one child.
    private int[] firstChild = new int[64];
    private int[] nextSibling = new int[64];
    private int[] depth = new int[64];
    private int[] fallback = new int[64];
    private int[] longestMatch = new int[64];
    private byte[] label = new byte[64];
    private int nodes = 1;

    private int state = ROOT;
    private byte[] held = new byte[0];
    private boolean[] heldSecret = new boolean[0];
    private boolean masking;

    SecretMasker(Collection<byte[]> secrets) {
        secrets.stream().filter(secret -> secret.length > 0).forEach(this::add);
        linkFallbacks();
    }

    /// The bytes that can be shown now.
    byte[] mask(byte[] chunk, int length) {
        if (nodes == 1) {
            return Arrays.copyOf(chunk, length);
        }
        int start = held.length;
        byte[] bytes = Arrays.copyOf(held, start + length);
        System.arraycopy(chunk, 0, bytes, start, length);
        boolean[] secret = Arrays.copyOf(heldSecret, bytes.length);
        for (int i = start; i < bytes.length; i++) {
            state = follow(state, bytes[i]);
            int match = longestMatch[state];
            if (match > 0) {
                Arrays.fill(secret, i + 1 - match, i + 1, true);
            }
        }
        int decided = bytes.length - depth[state];
        held = Arrays.copyOfRange(bytes, decided, bytes.length);
        heldSecret = Arrays.copyOfRange(secret, decided, bytes.length);
        return show(bytes, secret, decided);
    }

    /// The bytes that were kept back, at the end of the stream.
    byte[] finish() {
        byte[] shown = show(held, heldSecret, held.length);
        held = new byte[0];
        heldSecret = new boolean[0];
        state = ROOT;
        return shown;
    }

    private byte[] show(byte[] bytes, boolean[] secret, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + MASK.length);
        for (int i = 0; i < length; i++) {
            if (!secret[i]) {
                out.write(bytes[i]);
            } else if (!masking) {
                out.writeBytes(MASK);
            }
            masking = secret[i];
        }
        return out.toByteArray();
    }

    private void add(byte[] secret) {
        int node = ROOT;
        for (byte b : secret) {
            int child = child(node, b);
            node = child == ROOT ? addChild(node, b) : child;
        }
        longestMatch[node] = secret.length;
    }

    private int addChild(int parent, byte b) {
        if (nodes == label.length) {
            int larger = nodes * 2;
            firstChild = Arrays.copyOf(firstChild, larger);
            nextSibling = Arrays.copyOf(nextSibling, larger);
            depth = Arrays.copyOf(depth, larger);
            fallback = Arrays.copyOf(fallback, larger);
            longestMatch = Arrays.copyOf(longestMatch, larger);
            label = Arrays.copyOf(label, larger);
        }
        int child = nodes++;
        label[child] = b;
        depth[child] = depth[parent] + 1;
        nextSibling[child] = firstChild[parent];
        firstChild[parent] = child;
        return child;
    }

    /// Breadth first: where to go on when no child fits, and the longest secret that ends here.
    private void linkFallbacks() {
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        queue.add(ROOT);
        while (!queue.isEmpty()) {
            int parent = queue.remove();
            for (int node = firstChild[parent]; node != ROOT; node = nextSibling[node]) {
                fallback[node] = parent == ROOT ? ROOT : follow(fallback[parent], label[node]);
                longestMatch[node] = Math.max(longestMatch[node], longestMatch[fallback[node]]);
                queue.add(node);
            }
        }
    }

    private int follow(int from, byte b) {
        int node = from;
        while (true) {
            int child = child(node, b);
            if (child != ROOT || node == ROOT) {
                return child;
            }
            node = fallback[node];
        }
    }

    /// The child, or [#ROOT] where there is none: the root is nobody's child.
    private int child(int node, byte b) {
        int child = firstChild[node];
        while (child != ROOT && label[child] != b) {
            child = nextSibling[child];
        }
        return child;
    }
}
