-- What the contents are recognized by, one row a number. The numbers compare by an operator that row-level
-- security lets an index answer; arrays of them would not.
create table content_marks (
    workspace_id BIGINT NOT NULL,
    site_id BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    content_id BIGINT NOT NULL,
    CONSTRAINT pk_content_marks PRIMARY KEY (workspace_id, site_id, mark, content_id),
    CONSTRAINT fk_content_marks_workspace_id_content_id FOREIGN KEY(workspace_id, content_id)
        REFERENCES contents (workspace_id, id) ON DELETE CASCADE
);
create index ix_content_marks_content ON content_marks (workspace_id, content_id);

alter table content_marks enable row level security, force row level security;
create policy of_workspace on content_marks to nightdesk_app
    using (workspace_id = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint))
    with check (workspace_id = (select nullif(current_setting('nightdesk.workspace', true), '')::bigint));
create policy everywhere on content_marks to nightdesk_wide using (true) with check (true);
grant select, insert, update, delete on content_marks to nightdesk_app, nightdesk_wide;

-- The fingerprints kept so far: numbers of eight bytes, the lowest first, of which every fourth is taken.
create policy for_now on contents to nightdesk_owner using (true) with check (true);
create policy for_now on content_marks to nightdesk_owner using (true) with check (true);
with kept as (
    select workspace_id, site_id, id, decode(checks ->> 'fingerprint', 'base64') as bytes
    from contents where checks ? 'fingerprint'
), numbers as (
    select workspace_id, site_id, id, (
        select bit_or(get_byte(bytes, place + shift)::bigint << (8 * shift)) from generate_series(0, 7) as shift
    ) as mark
    from kept, generate_series(0, length(bytes) - 8, 8) as place
)
insert into content_marks (workspace_id, site_id, mark, content_id)
select workspace_id, site_id, mark, id from numbers where mark & 15 = 0
on conflict do nothing;
update contents set checks = checks - 'fingerprint' where checks ? 'fingerprint';
drop policy for_now on contents;
drop policy for_now on content_marks;
