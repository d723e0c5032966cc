-- What providers keep for places that have no room for it, each a text that only its provider reads.
create table provider_records (
  provider varchar not null,
  name varchar not null,
  record varchar not null,
  primary key (provider, name)
);
