"""What the catalogue of a database must say for tenants to be kept apart, and each place where it does not.

Every question is one query over the catalogue that returns the offenders. What is allowed by name is listed
here with its reason, so a new table, function or grant passes only by keeping the rule or by a new line here.
"""

from typing import Any

import psycopg

SHARED_TABLES = {
    "public.alembic_version": "the number of the schema",
    "public.beats": "signs of life of processes",
    "public.guesses": "when passwords were checked; no grant to the application",
    "public.key_checks": "one sealed text",
    "public.passwords": "hashes of the whole installation; no grant to the application",
    "public.people": "of the whole installation; the application sees the members of its workspace",
    "public.recovery_codes": "hashes of the whole installation; no grant to the application",
    "public.second_factors": "sealed, of the whole installation; no grant to the application",
    "queue.pgqueuer_log": "numbers and states of jobs; the application may add and not read",
    "queue.pgqueuer_schedules": "unused; no grant to the application",
    "queue.pgqueuer_statistics": "counts of jobs; no grant to the application",
}
KEYED_BY_ITSELF = {"public.workspaces": "id", "queue.pgqueuer": "payload"}
"""Tables of tenants' rows that say in another column whose they are."""

UNIQUE_AMONG_ALL = {
    "public.uq_api_keys_hash": "of a secret: found by who shows it, before the tenant is known",
    "public.uq_sessions_hash": "of a secret: found by who shows it, before the tenant is known",
    "public.uq_links_hash": "of a secret: found by who shows it, before the tenant is known",
    "public.uq_sign_ins_hash": "of a secret: found by who shows it, before the tenant is known",
    "public.uq_hooks_token": "of an address: found by who calls it, before the tenant is known",
    "public.pk_workspaces": "the tenant itself",
    "queue.pgqueuer_pkey": "drawn from a sequence",
    "queue.pgqueuer_unique_dedupe_key": "names a batch or run by its own number",
    "queue.pgqueuer_picked_slot_idx": "the worker's, never written by the application",
}
_INSTANT = "timestamp with time zone"
DEFINERS = {
    "public.workspace_of_key(text)": "answers who shows the whole hash of a key",
    f"public.session_of(text, {_INSTANT}, {_INSTANT}, {_INSTANT})": "answers who shows a whole token's hash",
    "public.workspace_of_hook(text)": "answers who shows the whole address of a hook",
    f"public.workspace_of_link(text, {_INSTANT})": "answers who shows a whole token's hash",
    f"public.admit_guess(text, text, {_INSTANT}, integer, integer, interval)": "counts, and tells until when",
}
OTHER_POLICIES = {
    "public.tallies by_owner nightdesk_owner": "triggers of cascades note differences as the owner",
    "public.kept by_owner nightdesk_owner": "as of tallies",
    "public.api_keys by_hash nightdesk_owner": "what `workspace_of_key` reads",
    "public.hooks by_token nightdesk_owner": "what `workspace_of_hook` reads",
    "public.people of_members nightdesk_app": "fellow members, by the memberships that are visible",
    "public.people by_owner nightdesk_owner": "what `session_of` reads",
    "public.members by_owner nightdesk_owner": "what `session_of` reads",
    "public.sessions by_owner nightdesk_owner": "what `session_of` reads, and notes the last use in",
    "public.workspaces by_owner nightdesk_owner": "what `session_of` reads",
    "public.links by_owner nightdesk_owner": "what `workspace_of_link` reads",
    "public.guesses by_owner nightdesk_owner": "what `admit_guess` counts in",
}
EXTRA_GRANTS = {
    "public.beats SELECT": "health is asked by every face",
    "public.people SELECT": "by the policy of_members",
    "queue.pgqueuer_log INSERT": "adding a job notes it",
}
SEQUENCES = {"public.batches_id_seq": "asked by `batch_write`", "queue.pgqueuer_id_seq": "asked by the queue"}
CLOSED_TO_THE_APPLICATION = {
    "public.sign_ins": "who signs in is asked before any tenant is known; no grant to the application",
}
"""Tables of tenants' rows of which the application sees none, not even the tenant's own."""

READ_AND_ADD_ONLY = {
    "public.audit",
    "public.credit_transfers",
    "public.decisions",
    "public.events",
    "public.revisions",
}

_SETTING = (
    "( SELECT (NULLIF(current_setting('nightdesk.workspace'::text, true), ''::text))::bigint AS \"nullif\")"
)
_OF_PAYLOAD = "(((convert_from(payload, 'UTF8'::name))::jsonb ->> 'workspace'::text))::bigint"
RULES = {
    "workspace_id": f"(workspace_id = {_SETTING})",
    "id": f"(id = {_SETTING})",
    "payload": f"({_OF_PAYLOAD} = {_SETTING})",
}
_OURS = "n.nspname not like 'pg\\_%%' and n.nspname <> 'information_schema'"
_TABLES = f"""
    with relations as (
        select c.*, n.nspname, format('%%s.%%s', n.nspname, c.relname) as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace where {_OURS}
    ), tables as (
        select r.*, coalesce(%(keyed)s::jsonb ->> r.name, a.attname) as key, a.attnotnull, a.atttypid
        from relations r left join pg_attribute a
          on a.attrelid = r.oid and a.attname = 'workspace_id' and not a.attisdropped
        where r.relkind in ('r', 'p')
    ), of_tenants as (select * from tables where key is not null)
"""
_OF_MEMBERS = "(id IN ( SELECT members.person_id\n   FROM members))"
QUESTIONS = {
    "belongs to nobody: it has no workspace_id and is not listed as shared": """
        select name from tables where key is null and not name = any (%(shared)s)""",
    "lacks row-level security, or does not force it": """
        select name from of_tenants where not (relrowsecurity and relforcerowsecurity)""",
    "has a workspace_id that may be null or is no bigint": """
        select name from of_tenants where key = 'workspace_id'
          and not (attnotnull and atttypid = 'bigint'::regtype)""",
    "lacks the policy of_workspace": """
        select name from of_tenants t where not exists (
            select from pg_policy p where p.polrelid = t.oid and p.polname = 'of_workspace'
              and p.polpermissive and p.polcmd = '*' and p.polroles = array['nightdesk_app'::regrole::oid]
              and pg_get_expr(p.polqual, p.polrelid) = %(rules)s::jsonb ->> t.key
              and pg_get_expr(p.polwithcheck, p.polrelid) = %(rules)s::jsonb ->> t.key)""",
    "has a policy that is not listed": """
        select format('%%s %%s %%s', t.name, p.polname, who) from tables t
        join pg_policy p on p.polrelid = t.oid
        cross join lateral (select coalesce(nullif(r, 0)::regrole::text, 'public') as who
                            from unnest(p.polroles) r) roles
        where (p.polname, who) not in (('of_workspace', 'nightdesk_app'), ('everywhere', 'nightdesk_wide'))
          and not format('%%s %%s %%s', t.name, p.polname, who) = any (%(policies)s)""",
    "shows the application more than fellow members": """
        select format('%%s %%s', t.name, p.polname) from tables t join pg_policy p on p.polrelid = t.oid
        where t.name = 'public.people' and p.polname = 'of_members'
          and (p.polcmd <> 'r' or pg_get_expr(p.polqual, p.polrelid) <> %(of_members)s)""",
    "is shared, and lets all roles see all": """
        select name from tables where name in ('public.people', 'public.passwords', 'public.guesses')
          and not (relrowsecurity and relforcerowsecurity)""",
    "has a unique key without the workspace": """
        select format('%%s.%%s', t.nspname, i.relname) from of_tenants t
        join pg_index x on x.indrelid = t.oid join pg_class i on i.oid = x.indexrelid
        where (x.indisunique or x.indisexclusion)
          and not format('%%s.%%s', t.nspname, i.relname) = any (%(unique)s)
          and not exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'workspace_id'
                            and a.attnum = any (x.indkey))""",
    "has no primary key": """
        select name from of_tenants t
        where not exists (select from pg_index x where x.indrelid = t.oid and x.indisprimary)""",
    "has a foreign key that can leave the workspace": """
        select format('%%s %%s', f.conrelid::regclass, f.conname) from pg_constraint f
        join tables child on child.oid = f.conrelid
        join tables parent on parent.oid = f.confrelid
        where f.contype = 'f' and parent.key is not null and not exists (
            select from unnest(f.conkey, f.confkey) as pair (ours, theirs)
            join pg_attribute o on o.attrelid = f.conrelid and o.attnum = pair.ours
            join pg_attribute p on p.attrelid = f.confrelid and p.attnum = pair.theirs
            where o.attname = 'workspace_id' and p.attname = parent.key
              and parent.key in ('workspace_id', 'id'))""",
    "is granted to the application beyond its rows": """
        select format('%%s %%s', r.name, g.privilege_type) from relations r, aclexplode(r.relacl) g
        where r.relkind in ('r', 'p', 'v', 'f') and g.grantee in (0, 'nightdesk_app'::regrole)
          and not format('%%s %%s', r.name, g.privilege_type) = any (%(grants)s)
          and not (r.oid in (select oid from of_tenants)
                   and g.privilege_type = any (array['SELECT', 'INSERT', 'UPDATE', 'DELETE'])
                   and not (r.name = any (%(added_to)s) and g.privilege_type in ('UPDATE', 'DELETE'))
                   and g.grantee <> 0 and not g.is_grantable)""",
    "is a column granted by itself": """
        select format('%%s.%%s', r.name, a.attname) from relations r
        join pg_attribute a on a.attrelid = r.oid and a.attacl is not null
        cross join aclexplode(a.attacl) g where g.grantee in (0, 'nightdesk_app'::regrole)""",
    "is a sequence that the application may use or read": """
        select format('%%s %%s', r.name, g.privilege_type) from relations r, aclexplode(r.relacl) g
        where r.relkind = 'S' and g.grantee in (0, 'nightdesk_app'::regrole)
          and not (r.name = any (%(sequences)s) and g.privilege_type = 'USAGE')""",
    "is a view that does not look with its reader's eyes": """
        select name from relations r where relkind = 'v'
          and not coalesce(r.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on']""",
    "is a materialised view or foreign table, which know no policies": """
        select name from relations where relkind in ('m', 'f')""",
    "is a rule that rewrites statements": """
        select format('%%s %%s', r.name, w.rulename) from relations r join pg_rewrite w on w.ev_class = r.oid
        where w.rulename <> '_RETURN'""",
    "is a function that acts as its owner and is not listed": """
        select format('%%s.%%s(%%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
          and not format('%%s.%%s(%%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes))
              = any (%(definers)s)""",
    "is a function that acts as its owner and lets others choose where it looks, or all call it": """
        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
          and (not coalesce(p.proconfig, '{}') && array['search_path=pg_catalog, pg_temp']
               or p.proacl is null or exists (select from aclexplode(p.proacl) g where g.grantee = 0))""",
    "belongs to the application": """
        select format('%%s %%s', classid::regclass, objid) from pg_shdepend
        where refclassid = 'pg_authid'::regclass and refobjid = 'nightdesk_app'::regrole and deptype = 'o'""",
    "is a place where the application may create things": """
        select 'schema ' || nspname from pg_namespace
        where has_schema_privilege('nightdesk_app', oid, 'create')
        union all select 'the database'
        where has_database_privilege('nightdesk_app', current_database(), 'create')
        union all select 'default privileges' from pg_default_acl d, aclexplode(d.defaclacl) g
                  where g.grantee in (0, 'nightdesk_app'::regrole)""",
    "is a role that may do more than it should": """
        select rolname from pg_roles where rolname in ('nightdesk_app', 'nightdesk_wide', 'nightdesk_owner')
          and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
        union all
        select format('%%s in %%s', m.member::regrole, m.roleid::regrole) from pg_auth_members m
        where m.member::regrole::text in ('nightdesk_app', 'nightdesk_wide')""",
}


def holes(connection: psycopg.Connection[Any]) -> list[str]:
    """Every offender with what is wrong with it; empty where tenants are kept apart. Needs to see all."""
    found = []
    for what, query in QUESTIONS.items():
        for (name,) in connection.execute((_TABLES + query).encode(), _allowed()):
            found.append(f"{name} {what}")
    return found


def tables_of_tenants(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Every table of tenants' rows (`schema.name`), with the column that says whose a row is."""
    query = _TABLES + "select name, key from of_tenants order by name"
    return dict(connection.execute(query.encode(), _allowed()).fetchall())


def _allowed() -> dict[str, Any]:
    return {
        "shared": list(SHARED_TABLES),
        "keyed": psycopg.types.json.Jsonb(KEYED_BY_ITSELF),
        "unique": list(UNIQUE_AMONG_ALL),
        "definers": list(DEFINERS),
        "policies": list(OTHER_POLICIES),
        "grants": list(EXTRA_GRANTS),
        "sequences": list(SEQUENCES),
        "added_to": list(READ_AND_ADD_ONLY),
        "of_members": _OF_MEMBERS,
        "rules": psycopg.types.json.Jsonb(RULES),
    }
