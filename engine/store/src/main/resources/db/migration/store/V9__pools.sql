-- Pools: what was declared, and which machines each has made.
create table pools (
  name varchar not null primary key,
  doc varchar not null
);
