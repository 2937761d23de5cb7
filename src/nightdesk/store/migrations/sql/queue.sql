-- The job queue holds ids only. Workers, who see all tenants, work it; the application's role adds and takes
-- back the jobs of its own workspace, whose number each job carries.
alter table queue.pgqueuer enable row level security, force row level security;
create policy of_workspace on queue.pgqueuer to nightdesk_app
    using (
        (convert_from(payload, 'UTF8')::jsonb ->> 'workspace')::bigint
        = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint)
    )
    with check (
        (convert_from(payload, 'UTF8')::jsonb ->> 'workspace')::bigint
        = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint)
    );
create policy everywhere on queue.pgqueuer to nightdesk_wide using (true) with check (true);

grant usage on schema queue to nightdesk_app, nightdesk_wide;
grant select, insert, update, delete on all tables in schema queue to nightdesk_wide;
grant usage on all sequences in schema queue to nightdesk_wide;
grant select, insert, update, delete on queue.pgqueuer to nightdesk_app;
grant insert on queue.pgqueuer_log to nightdesk_app;
grant usage on sequence queue.pgqueuer_id_seq to nightdesk_app;
