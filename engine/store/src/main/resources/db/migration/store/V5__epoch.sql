-- How many times the store had been restored from a backup when a run began.
alter table runs add column epoch bigint default 0 not null;
