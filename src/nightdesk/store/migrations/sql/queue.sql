-- The job queue holds ids only; both roles work it.
grant usage on schema queue to nightdesk_app, nightdesk_wide;
grant select, insert, update, delete on all tables in schema queue to nightdesk_app, nightdesk_wide;
grant usage on all sequences in schema queue to nightdesk_app, nightdesk_wide;
