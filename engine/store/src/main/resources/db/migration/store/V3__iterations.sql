-- How many times a node's task has ended well and not as its `until` wants it.
alter table nodes add column iteration integer default 0 not null;
