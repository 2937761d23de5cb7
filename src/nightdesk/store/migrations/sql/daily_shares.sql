-- Each sender asks before each publication; without it 100,000 rows are read each time.
create index ix_publications_sent ON publications (workspace_id, account_id, sent_at) WHERE sent_at is not null;
