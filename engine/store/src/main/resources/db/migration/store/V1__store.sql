-- Read and written by H2 and by PostgreSQL alike. Documents (`doc`) are JSON with their secrets
-- sealed; dev.formwork.store.json writes them. No foreign keys: a transition writes its rows in any order.

create table machines (
  machine_id varchar not null primary key,
  doc text not null
);

create table clusters (
  name varchar not null primary key,
  doc text not null
);

create table results (
  cluster varchar not null,
  node_key varchar not null,
  doc text not null,
  primary key (cluster, node_key)
);

-- A plan is a compressed document in parts, as bytea of H2 ends at 1 MiB.
create table plans (
  digest varchar not null primary key,
  created_at timestamp(6) with time zone not null
);

create table plan_parts (
  digest varchar not null,
  part integer not null,
  content bytea not null,
  primary key (digest, part)
);

create table approvals (
  plan_digest varchar not null primary key,
  approved_by varchar not null,
  approved_at timestamp(6) with time zone not null,
  expires_at timestamp(6) with time zone not null,
  used_by varchar
);

create table runs (
  run_id varchar not null primary key,
  cluster varchar not null,
  kind varchar not null,
  plan_digest varchar not null,
  state varchar not null,
  requested_by varchar not null,
  reason text not null,
  created_at timestamp(6) with time zone not null,
  ended_at timestamp(6) with time zone
);

create index runs_by_time on runs (created_at, run_id);
create index runs_by_cluster on runs (cluster, created_at, run_id);
create index runs_by_state on runs (state);

create table nodes (
  run_id varchar not null,
  node_key varchar not null,
  state varchar not null,
  attempt integer not null,
  phase integer not null,
  token bigint not null,
  job_id varchar,
  reason text not null,
  code varchar,
  question varchar,
  wake_at timestamp(6) with time zone,
  started_at timestamp(6) with time zone,
  ended_at timestamp(6) with time zone,
  primary key (run_id, node_key)
);

create table jobs (
  job_id varchar not null primary key,
  run_id varchar not null,
  state varchar not null,
  token bigint not null,
  created_at timestamp(6) with time zone not null,
  doc text not null
);

create index jobs_by_run on jobs (run_id);
create index jobs_by_state on jobs (state);

create table logs (
  job_id varchar not null primary key,
  size bigint not null
);

create table log_chunks (
  job_id varchar not null,
  start_at bigint not null,
  content bytea not null,
  primary key (job_id, start_at)
);

create table events (
  event_id bigint not null primary key,
  happened_at timestamp(6) with time zone not null,
  type varchar not null,
  run_id varchar,
  subject varchar not null,
  data text not null
);

-- A tree names its files by path, and their contents by digest: two versions of a module share what did not change.
create table trees (
  digest varchar not null primary key
);

create table tree_files (
  digest varchar not null,
  path varchar not null,
  content_digest varchar not null,
  size bigint not null,
  primary key (digest, path)
);

create table contents (
  content_digest varchar not null,
  part integer not null,
  content bytea not null,
  primary key (content_digest, part)
);

create table settings (
  name varchar not null primary key,
  setting text not null
);

-- Runs that are forgotten, and of which nodes, jobs and logs are still being deleted, a few at a time.
create table dropped_runs (
  run_id varchar not null primary key
);
