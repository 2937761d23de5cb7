-- A movement of credits, once per key. Both accounts are locked in one order, so that two movements cannot
-- wait for each other. The balance check of the account refuses an overdraft (SQLSTATE 23514).
create function credit_move(
    for_workspace bigint, with_key text, of_kind text, from_side text, to_side text, how_much bigint,
    for_run uuid, for_batch bigint, with_note text
) returns boolean language plpgsql as $$
begin
    insert into credit_transfers (workspace_id, key, kind, debit, credit, amount, run_id, batch_id, note)
    values (for_workspace, with_key, of_kind, from_side, to_side, how_much, for_run, for_batch, with_note)
    on conflict (workspace_id, key) do nothing;
    if not found then
        return false;
    end if;
    perform 1 from credit_accounts
    where workspace_id = for_workspace order by kind desc for update;
    update credit_accounts
    set balance = balance + case kind when from_side then -how_much else how_much end
    where workspace_id = for_workspace and kind in (from_side, to_side);
    return true;
end $$;

-- Sets credits aside for a batch; false, and nothing moved, where the wallet does not cover them.
create function credit_hold(
    for_workspace bigint, with_key text, how_much bigint, for_run uuid, for_batch bigint
) returns boolean language plpgsql as $$
declare
    available bigint;
begin
    if how_much <= 0 then
        return true;
    end if;
    select balance into available from credit_accounts
    where workspace_id = for_workspace and kind = 'wallet' for update;
    if coalesce(available, 0) < how_much then
        return false;
    end if;
    perform credit_move(
        for_workspace, with_key || ':hold', 'hold', 'wallet', 'held', how_much, for_run, for_batch, ''
    );
    return true;
end $$;

-- Closes a hold: the cost goes to `spent`, the rest back to the wallet; what the hold does not cover is
-- taken from the wallet as far as it reaches. Returns what was charged.
create function credit_settle(
    for_workspace bigint, with_key text, held bigint, cost bigint, for_run uuid, for_batch bigint
) returns bigint language plpgsql as $$
declare
    from_hold bigint := least(held, cost);
    beyond bigint := greatest(cost - held, 0);
    charged bigint := 0;
begin
    perform 1 from credit_accounts where workspace_id = for_workspace order by kind desc for update;
    if from_hold > 0 and credit_move(
        for_workspace, with_key || ':charge', 'charge', 'held', 'spent', from_hold, for_run, for_batch, ''
    ) then
        charged := from_hold;
    end if;
    if held > from_hold then
        perform credit_move(
            for_workspace, with_key || ':release', 'release', 'held', 'wallet', held - from_hold,
            for_run, for_batch, ''
        );
    end if;
    if beyond > 0 then
        select least(beyond, balance) into beyond from credit_accounts
        where workspace_id = for_workspace and kind = 'wallet';
        if beyond > 0 and credit_move(
            for_workspace, with_key || ':beyond', 'charge', 'wallet', 'spent', beyond, for_run, for_batch, ''
        ) then
            charged := charged + beyond;
        end if;
    end if;
    return charged;
end $$;
