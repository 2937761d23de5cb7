-- What a person gives a site for its videos, and a workspace for signing them.
alter table sites add column video_files JSONB DEFAULT '{}' NOT NULL;
alter table videos
    add column music BOOLEAN DEFAULT true NOT NULL,
    add column given JSONB DEFAULT '{}' NOT NULL;

create table signing_certificates (
    workspace_id BIGINT NOT NULL,
    chain TEXT NOT NULL,
    sealed TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    timestamps TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_signing_certificates PRIMARY KEY (workspace_id),
    CONSTRAINT fk_signing_certificates_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id)
);
alter table signing_certificates enable row level security, force row level security;
create policy of_workspace on signing_certificates to nightdesk_app
    using (workspace_id = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint))
    with check (workspace_id = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint));
create policy everywhere on signing_certificates to nightdesk_wide using (true) with check (true);
grant select, insert, update, delete on signing_certificates to nightdesk_app, nightdesk_wide;
