-- What a run's story, the parked items of a site and the money of a month are found by.
create index ix_batches_run on batches (workspace_id, run_id, id);
create index ix_clusters_parked on clusters (workspace_id, site_id) where parked_at is not null;
create index ix_keywords_parked on keywords (workspace_id, site_id) where parked_at is not null;
create index ix_ideas_parked on ideas (workspace_id, site_id) where parked_at is not null;
create index ix_tasks_parked on tasks (workspace_id, site_id) where parked_at is not null;
create index ix_contents_parked on contents (workspace_id, site_id) where parked_at is not null;
create index ix_images_parked on images (workspace_id, site_id) where parked_at is not null;
create index ix_provider_calls_at on provider_calls (workspace_id, at);
