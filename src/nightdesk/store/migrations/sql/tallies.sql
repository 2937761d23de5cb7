-- Every change of an item's state is noted as a difference, so that a count of a million rows is a sum of few.
create function tally_added() returns trigger language plpgsql as $$
begin
    insert into tallies (workspace_id, site_id, kind, state, n)
    select workspace_id, site_id, tg_table_name, state, count(*) from added group by 1, 2, 4;
    return null;
end $$;

create function tally_removed() returns trigger language plpgsql as $$
begin
    insert into tallies (workspace_id, site_id, kind, state, n)
    select workspace_id, site_id, tg_table_name, state, -count(*) from removed group by 1, 2, 4;
    return null;
end $$;

create function tally_changed() returns trigger language plpgsql as $$
begin
    insert into tallies (workspace_id, site_id, kind, state, n)
    select workspace_id, site_id, tg_table_name, state, sum(n) from (
        select workspace_id, site_id, state, 1 as n from added
        union all
        select workspace_id, site_id, state, -1 from removed
    ) as changes group by 1, 2, 4 having sum(n) <> 0;
    return null;
end $$;

do $$
declare t text;
begin
    foreach t in array array['keywords', 'clusters', 'ideas', 'tasks', 'contents', 'images'] loop
        execute format('create trigger tally_added after insert on %I referencing new table as added
                        for each statement execute function tally_added()', t);
        execute format('create trigger tally_removed after delete on %I referencing old table as removed
                        for each statement execute function tally_removed()', t);
        execute format('create trigger tally_changed after update on %I
                        referencing new table as added old table as removed
                        for each statement execute function tally_changed()', t);
    end loop;
end $$;
