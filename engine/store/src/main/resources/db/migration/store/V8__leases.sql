-- Leases of the DHCP server, each a text of its own.
create table leases (
  address varchar not null primary key,
  lease varchar not null
);
