-- A row that changes stays on its page where there is room, and then no index has to learn of it. Both are changed a few
-- times and then never again.
alter table nodes set (fillfactor = 50);
alter table jobs set (fillfactor = 70);
