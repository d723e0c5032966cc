-- When files were wanted last: what nothing refers to is forgotten some time after.
alter table trees add column wanted_at timestamp(6) with time zone default current_timestamp not null;
create index tree_files_by_content on tree_files (content_digest);
