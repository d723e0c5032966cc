-- Which engines share the database, and which of them has which shard: docs/decisions/0004. All times are the database's.
create table engines (
  engine varchar not null primary key,
  holder varchar not null,
  url varchar,
  own_machine varchar,
  lease_until timestamp(6) with time zone not null
);

create table shards (
  shard varchar not null primary key,
  owner varchar,
  asked_by varchar
);

-- One row: the id of the newest event.
create table event_ids (
  last_id bigint not null
);

insert into event_ids (last_id) select coalesce(max(event_id), 0) from events;
