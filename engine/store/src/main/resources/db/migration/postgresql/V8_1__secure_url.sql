-- Where other hosts reach an engine, by TLS.
alter table engines add column secure_url varchar;
