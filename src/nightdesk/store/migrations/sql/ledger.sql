-- Locks the accounts of a workspace, always in the same order and before anything is written, so that two
-- movements cannot wait for each other.
create function credit_lock(for_workspace bigint) returns void language plpgsql as $$
begin
    perform 1 from credit_accounts where workspace_id = for_workspace order by kind desc for update;
end $$;

-- Writes a movement, once per key, and moves both balances; false, and nothing moved, where the key is not
-- new. The accounts are locked by the caller; their balance check refuses an overdraft (SQLSTATE 23514).
create function credit_post(
    for_workspace bigint, with_key text, of_kind text, from_side text, to_side text, how_much bigint,
    for_run uuid, for_batch bigint, with_note text
) returns boolean language plpgsql as $$
declare
    sides bigint;
begin
    insert into credit_transfers (workspace_id, key, kind, debit, credit, amount, run_id, batch_id, note)
    values (for_workspace, with_key, of_kind, from_side, to_side, how_much, for_run, for_batch, with_note)
    on conflict (workspace_id, key) do nothing;
    if not found then
        return false;
    end if;
    update credit_accounts
    set balance = balance + case kind when from_side then -how_much else how_much end
    where workspace_id = for_workspace and kind in (from_side, to_side);
    get diagnostics sides = row_count;
    if sides <> 2 then
        raise exception 'Workspace % lacks the account % or %.', for_workspace, from_side, to_side
            using errcode = 'foreign_key_violation';
    end if;
    return true;
end $$;

-- A movement of credits by itself.
create function credit_move(
    for_workspace bigint, with_key text, of_kind text, from_side text, to_side text, how_much bigint,
    for_run uuid, for_batch bigint, with_note text
) returns boolean language plpgsql as $$
begin
    perform credit_lock(for_workspace);
    return credit_post(
        for_workspace, with_key, of_kind, from_side, to_side, how_much, for_run, for_batch, with_note
    );
end $$;

-- Sets credits aside for a batch; false, and nothing moved, where the wallet does not cover them. A hold that
-- was made before is true whatever the wallet has by now.
create function credit_hold(
    for_workspace bigint, with_key text, how_much bigint, for_run uuid, for_batch bigint
) returns boolean language plpgsql as $$
declare
    available bigint;
begin
    if how_much < 0 then
        raise exception 'A hold is of 0 credits or more, not %.', how_much
            using errcode = 'invalid_parameter_value';
    end if;
    if how_much = 0 then
        return true;
    end if;
    select balance into available from credit_accounts
    where workspace_id = for_workspace and kind = 'wallet' for update;
    if coalesce(available, 0) < how_much then
        return exists (
            select from credit_transfers where workspace_id = for_workspace and key = with_key || ':hold'
        );
    end if;
    perform credit_post(
        for_workspace, with_key || ':hold', 'hold', 'wallet', 'held', how_much, for_run, for_batch, ''
    );
    return true;
end $$;

-- Closes a hold, once: the cost goes to `spent`, the rest back to the wallet; what the hold does not cover is
-- taken from the wallet as far as it reaches. Returns what was charged: 0 where the hold is closed already.
-- A `held` that is not what stands in the book is refused, lest it be taken out of another's hold.
create function credit_settle(
    for_workspace bigint, with_key text, held bigint, cost bigint, for_run uuid, for_batch bigint
) returns bigint language plpgsql as $$
declare
    from_hold bigint := least(held, cost);
    beyond bigint := greatest(cost - held, 0);
    charged bigint := 0;
    in_book bigint;
    closed boolean;
begin
    if cost < 0 then
        raise exception 'A cost is of 0 credits or more, not %.', cost using errcode = 'invalid_parameter_value';
    end if;
    perform credit_lock(for_workspace);
    select coalesce(sum(amount) filter (where kind = 'hold'), 0), coalesce(bool_or(kind <> 'hold'), false)
    into in_book, closed
    from credit_transfers where workspace_id = for_workspace and key = any (array[
        with_key || ':hold', with_key || ':charge', with_key || ':release', with_key || ':beyond']);
    if closed then
        return 0;
    end if;
    if held is distinct from in_book then
        raise exception 'The hold % is of % credits, not %.', with_key, in_book, held
            using errcode = 'invalid_parameter_value';
    end if;
    if from_hold > 0 then
        perform credit_post(
            for_workspace, with_key || ':charge', 'charge', 'held', 'spent', from_hold, for_run, for_batch, ''
        );
    end if;
    if held > from_hold then
        perform credit_post(
            for_workspace, with_key || ':release', 'release', 'held', 'wallet', held - from_hold,
            for_run, for_batch, ''
        );
    end if;
    if beyond > 0 then
        select least(beyond, balance) into beyond from credit_accounts
        where workspace_id = for_workspace and kind = 'wallet';
    end if;
    if beyond > 0 then
        perform credit_post(
            for_workspace, with_key || ':beyond', 'charge', 'wallet', 'spent', beyond, for_run, for_batch, ''
        );
    end if;
    return from_hold + coalesce(beyond, 0);
end $$;
