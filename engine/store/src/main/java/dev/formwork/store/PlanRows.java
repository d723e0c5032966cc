package dev.formwork.store;

import dev.formwork.model.RunId;
import dev.formwork.store.json.PlanJson;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.store.Approval;

import org.jdbi.v3.core.Handle;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Plans and people's consent to them.
final class PlanRows {
    private static final Table PLANS = new Table("plans", List.of("digest"), List.of("created_at"));
    private static final Table PARTS =
            new Table("plan_parts", List.of("digest", "part"), List.of("content"));
    private static final Table APPROVALS =
            new Table(
                    "approvals",
                    List.of("plan_digest"),
                    List.of("approved_by", "approved_at", "expires_at", "used_by"));

    /// A plan, its parts and its approval; each takes the digest.
    static final List<String> DROP =
            List.of(
                    "delete from plan_parts where digest = ?",
                    "delete from approvals where plan_digest = ?",
                    "delete from plans where digest = ?");

    private PlanRows() {}

    static Write put(String digest, Plan plan, Instant at, PlanJson json) {
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        json.write(plan, digest, document);
        List<Write.Put> parts = new ArrayList<>();
        for (byte[] part : Parts.of(document.toByteArray())) {
            parts.add(Write.Put.of(PARTS, Columns.row(digest, parts.size(), part)));
        }
        return new Write.PutOnce(
                Write.Put.of(PLANS, Columns.row(digest, Columns.time(at))), parts, false);
    }

    static Write put(Approval approval) {
        return Write.Put.of(
                APPROVALS,
                Columns.row(
                        approval.planDigest(),
                        approval.by(),
                        Columns.time(approval.at()),
                        Columns.time(approval.expiresAt()),
                        Columns.maybe(approval.usedBy())));
    }

    static Optional<Plan> plan(Handle handle, PlanJson json, String digest) {
        List<InputStream> parts =
                handle.createQuery(
                                "select content from plan_parts where digest = :digest order by"
                                        + " part")
                        .bind("digest", digest)
                        .map((row, _) -> (InputStream) new ByteArrayInputStream(row.getBytes(1)))
                        .list();
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        json.read(digest, new SequenceInputStream(Collections.enumeration(parts))));
    }

    static List<String> unused(Handle handle, Instant before, int limit) {
        return handle.createQuery(
                        """
                        select digest from plans where created_at < :before
                        and digest not in (select plan_digest from runs)
                        and digest not in
                          (select plan_digest from approvals where expires_at >= :before)
                        order by created_at, digest fetch first :limit rows only\
                        """)
                .bind("before", Columns.time(before))
                .bind("limit", limit)
                .mapTo(String.class)
                .list();
    }

    static Optional<Approval> approval(Handle handle, String digest) {
        return handle.createQuery("select * from approvals where plan_digest = :digest")
                .bind("digest", digest)
                .map((row, _) ->
                        new Approval(
                                row.getString("plan_digest"),
                                row.getString("approved_by"),
                                Columns.time(row, "approved_at"),
                                Columns.time(row, "expires_at"),
                                Columns.maybe(row, "used_by", RunId::new)))
                .findOne();
    }
}
