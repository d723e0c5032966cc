-- Runs that wait for machines, have a priority, and end in time; nodes that wait in a line. Runs from before hold what
-- they work on.
alter table runs add column priority integer default 0 not null;
alter table runs add column timeout_millis bigint;
alter table runs add column holding boolean default true not null;
alter table runs add column deadline timestamp(6) with time zone;
alter table runs add column code varchar;

alter table nodes add column in_line_since timestamp(6) with time zone;
alter table nodes add column mutex varchar;
alter table nodes add column mutex_max integer;
