-- Who may write. A shard is what one engine has at a time; today there is one, `main`. Whoever takes a seat raises its
-- epoch, and each of its transactions checks that the epoch is still its own: docs/decisions/0004.
create table seats (
  shard varchar not null primary key,
  epoch bigint not null,
  holder varchar not null,
  taken_at timestamp(6) with time zone not null,
  lease_until timestamp(6) with time zone not null
);
