-- Results that a run found, and that it has replaced or dropped: of several about one step the first counts.
create table replaced_results (
  run_id varchar not null,
  node_key varchar not null,
  replaced_at timestamp(6) with time zone not null,
  doc text not null,
  primary key (run_id, node_key, replaced_at)
);
