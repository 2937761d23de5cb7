-- What each scene's claims go back to, and the footage that others may get as well.
alter table scenes
    add column sources JSONB DEFAULT '[]' NOT NULL,
    add column source TEXT DEFAULT '' NOT NULL;
create index ix_scenes_source ON scenes (workspace_id, source) WHERE source <> '';

-- The log of one job. A number compares by an operator that row-level security lets an index answer; an
-- expression over `data` would not.
alter table events add column job_id BIGINT;
create policy for_now on events to nightdesk_owner using (true) with check (true);
update events set job_id = (data ->> 'job_id')::bigint where data ->> 'job_id' ~ '^[0-9]{1,18}$';
drop policy for_now on events;
create index ix_events_job ON events (workspace_id, job_id, id) WHERE job_id is not null;
