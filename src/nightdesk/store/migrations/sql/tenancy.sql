-- Row-level security on every table with a workspace: the application's role sees one tenant, the wide role
-- sees all, the owner sees none. The setting is read once a query, hence the sub-select.
do $$
declare t text;
begin
    for t in
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
          and a.attname = 'workspace_id' and not a.attisdropped
    loop
        execute format('alter table %I enable row level security, force row level security', t);
        execute format($p$create policy of_workspace on %I to nightdesk_app
            using (workspace_id = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint))
            with check (workspace_id = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint))
        $p$, t);
        execute format('create policy everywhere on %I to nightdesk_wide using (true) with check (true)', t);
        execute format('grant select, insert, update, delete on %I to nightdesk_app, nightdesk_wide', t);
    end loop;
end $$;

alter table workspaces enable row level security, force row level security;
create policy of_workspace on workspaces to nightdesk_app
    using (id = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint))
    with check (id = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint));
create policy everywhere on workspaces to nightdesk_wide using (true) with check (true);
grant select, update on workspaces to nightdesk_app;
grant select, insert, update, delete on workspaces to nightdesk_wide;

-- Rows that go with their parent are deleted by the owner, whose triggers note the difference.
create policy by_owner on tallies to nightdesk_owner using (true) with check (true);

-- The ledger is append-only, and balances move through its functions alone in the code; nobody deletes.
revoke update, delete on credit_transfers from nightdesk_app, nightdesk_wide;
revoke delete on credit_accounts from nightdesk_app, nightdesk_wide;
revoke update, delete on events from nightdesk_app;

grant select, insert, update, delete on beats to nightdesk_wide;
grant select on beats to nightdesk_app;
grant select, insert, update on key_checks to nightdesk_wide;

-- Identities need no grant; only a batch's number is asked for by name before it is written.
grant usage on sequence batches_id_seq to nightdesk_app;
grant usage on all sequences in schema public to nightdesk_wide;

-- Which workspace a client's key belongs to is asked before any tenant is known: this function alone may
-- answer it, and only to who shows the key's whole hash.
create policy by_hash on api_keys to nightdesk_owner using (true);
create function workspace_of_key(shown_hash text) returns bigint
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$ select workspace_id from public.api_keys where hash = shown_hash and revoked_at is null $$;
revoke all on function workspace_of_key(text) from public;
grant execute on function workspace_of_key(text) to nightdesk_app;
