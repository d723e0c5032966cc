-- The shards in which a run works, by name, with spaces between. Runs from before are in one alone.
alter table runs add column shards varchar default '' not null;
-- On which machine a job is: an engine that takes over another one's runs needs its agent as well.
alter table jobs add column machine_id varchar default '' not null;
