-- The two writes of the engine that happen with every batch, each in one round trip.

-- Writes a batch of these items, holds its credits and ties the items to it. Returns its number; null, and
-- nothing written, where the wallet does not cover the hold.
create function batch_write(
    for_workspace bigint, of_run uuid, of_site bigint, of_line text, of_step text, of_stage bigint,
    on_queue text, item_table text, item_ids jsonb, to_hold bigint, due timestamptz
) returns bigint language plpgsql as $$
declare
    new_id bigint := nextval(pg_get_serial_sequence('batches', 'id'));
begin
    if not credit_hold(for_workspace, 'batch:' || new_id, to_hold, of_run, new_id) then
        return null;
    end if;
    insert into batches (workspace_id, id, run_id, site_id, line, step, stage, queue, items, held, due_at)
    overriding system value
    values (for_workspace, new_id, of_run, of_site, of_line, of_step, of_stage, on_queue,
            item_ids, to_hold, due);
    execute format(
        'update %I set batch_id = $1, last_run = $2 where workspace_id = $3 and id = any($4)', item_table
    ) using new_id, of_run, for_workspace, array(select jsonb_array_elements_text(item_ids)::bigint);
    return new_id;
end $$;

-- Books what a batch took: every call, each item's share of money and credits, and the charge against the
-- hold. `closing` is the batch's last status, or null while it goes on. Tells what was charged, and how many
-- batches the run has in hand now.
-- The calls of one time are written once: whoever does not know whether a commit took hold asks again.
create function batch_book(
    for_workspace bigint, for_batch bigint, of_run uuid, of_site bigint, of_stage bigint, closing text,
    cost bigint, calls jsonb, item_kind text, item_ids bigint[], at_time timestamptz,
    out charged_now bigint, out left_in_hand bigint
) language plpgsql as $$
declare
    spent numeric := 0;
    share numeric := greatest(coalesce(array_length(item_ids, 1), 0), 1);
begin
    charged_now := 0;
    if jsonb_array_length(calls) > 0 then
        insert into provider_calls (workspace_id, run_id, batch_id, site_id, stage, kind, provider, model, ok,
                                    seconds, input_tokens, output_tokens, units, usd, note, at)
        select for_workspace, of_run, for_batch, of_site, of_stage, c.kind, c.provider, c.model, c.ok,
               c.seconds, c.input_tokens, c.output_tokens, c.units, c.usd, c.note, at_time
        from jsonb_to_recordset(calls) as c(kind text, provider text, model text, ok boolean, seconds float8,
             input_tokens bigint, output_tokens bigint, units bigint, usd numeric, note text)
        where not exists (
            select 1 from provider_calls p
            where p.workspace_id = for_workspace and p.batch_id = for_batch and p.at = at_time
        );
        select coalesce(sum(c.usd), 0) into spent from jsonb_to_recordset(calls) as c(usd numeric);
    end if;
    if closing is not null then
        charged_now := credit_settle(
            for_workspace, 'batch:' || for_batch,
            (select held from batches where workspace_id = for_workspace and id = for_batch),
            cost, of_run, for_batch
        );
        update batches set status = closing, ended_at = at_time, charged = charged_now
        where workspace_id = for_workspace and id = for_batch;
    end if;
    if share > 0 and (spent > 0 or charged_now > 0) then
        insert into item_costs (workspace_id, batch_id, item_kind, item_id, credits, usd)
        select for_workspace, for_batch, batch_book.item_kind, i, charged_now / share, spent / share
        from unnest(item_ids) as i
        on conflict on constraint pk_item_costs
        do update set credits = item_costs.credits + excluded.credits, usd = item_costs.usd + excluded.usd;
    end if;
    select count(*) into left_in_hand from batches
    where workspace_id = for_workspace and run_id = of_run and status in ('waiting', 'working');
end $$;
