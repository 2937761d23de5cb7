-- How long a workspace keeps what it no longer needs, and what the removing of it needs to know.
create table keeping (
    workspace_id BIGINT NOT NULL,
    what TEXT NOT NULL,
    days BIGINT,
    CONSTRAINT pk_keeping PRIMARY KEY (workspace_id, what),
    CONSTRAINT ck_keeping_days CHECK (days > 0),
    CONSTRAINT fk_keeping_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id)
);
alter table keeping enable row level security, force row level security;
create policy of_workspace on keeping to nightdesk_app
    using (workspace_id = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint))
    with check (workspace_id = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint));
create policy everywhere on keeping to nightdesk_wide using (true) with check (true);
grant select, insert, update, delete on keeping to nightdesk_app, nightdesk_wide;

alter table runs add column folded_at timestamp with time zone;
alter table provider_calls add column calls bigint default 1 not null;
alter table assets add column unused_since timestamp with time zone;
alter table sites add column removed_at timestamp with time zone;

-- The application adds to these and takes nothing away; what is too old goes by upkeep's role alone.
grant delete on revisions, audit to nightdesk_wide;
