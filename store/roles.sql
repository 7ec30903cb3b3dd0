-- Who may do what in the database. `hearthline migrate --roles` runs this, as a
-- superuser or as the owner of the tables with CREATEROLE, after each migration;
-- it may be run again at any time, and takes away what was granted besides.
--
-- Five roles without a login hold the rights; a login gets them by membership:
--
--   hearthline_owner    owns every table; `hearthline migrate`
--   hearthline_web      what a call or a text needs
--   hearthline_jobs     what runs by itself (outbox, sweeps, retention, rewrite),
--                       and what an operator types (imports, member, subpoena)
--   hearthline_console  what coordinators see: no key, no number of a caller
--   hearthline_backup   reads everything but the schema keys
--
-- Logins are the operator's, so that passwords and their life are. Once, as a
-- superuser:
--
--   CREATE ROLE line_migrate LOGIN PASSWORD '…' IN ROLE hearthline_owner;
--   CREATE ROLE line_serve   LOGIN PASSWORD '…' IN ROLE hearthline_web, hearthline_jobs;
--   CREATE ROLE line_console LOGIN PASSWORD '…' IN ROLE hearthline_console;
--   CREATE ROLE line_backup  LOGIN PASSWORD '…' IN ROLE hearthline_backup;
--   ALTER DATABASE hearthline OWNER TO hearthline_owner;
--
-- and then DATABASE_URL names line_migrate for `hearthline migrate`, line_serve for
-- `serve` and everything else; DATABASE_CONSOLE_URL names line_console. Whoever
-- owned the tables before owns them no more: a login that `serve` has used until
-- now needs GRANT hearthline_web, hearthline_jobs TO it. The roles belong to the
-- whole server, so that two databases on one server share them: give each a
-- server of its own, or keep logins apart with REVOKE CONNECT ON DATABASE.

-- One at a time, and never for long in the way of a call.
SELECT pg_advisory_xact_lock(hashtextextended('hearthline roles', 0));
SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['hearthline_owner', 'hearthline_web', 'hearthline_jobs', 'hearthline_console', 'hearthline_backup'] LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = role);
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database's run was first
        END;
    END LOOP;
    -- To hand tables over takes membership of whom they go to.
    IF NOT pg_has_role('hearthline_owner', 'MEMBER') THEN
        GRANT hearthline_owner TO CURRENT_USER;
    END IF;
END $$;

-- Nothing is left of what was granted before.
REVOKE ALL ON SCHEMA keys FROM PUBLIC, hearthline_web, hearthline_jobs, hearthline_console, hearthline_backup;
REVOKE ALL ON SCHEMA public FROM hearthline_web, hearthline_jobs, hearthline_console, hearthline_backup;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public, keys FROM PUBLIC, hearthline_web, hearthline_jobs, hearthline_console, hearthline_backup;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public, keys FROM PUBLIC, hearthline_web, hearthline_jobs, hearthline_console, hearthline_backup;
REVOKE ALL ON FUNCTION audit_retire, audit_keep, audit_anchor_holds FROM PUBLIC, hearthline_web, hearthline_jobs, hearthline_console, hearthline_backup;

GRANT USAGE ON SCHEMA public TO hearthline_web, hearthline_jobs, hearthline_console, hearthline_backup;
GRANT USAGE ON SCHEMA keys TO hearthline_web, hearthline_jobs;
GRANT CREATE ON SCHEMA public, keys TO hearthline_owner;

-- Everybody sees whether the tables are those of the program.
GRANT SELECT ON goose_db_version TO hearthline_web, hearthline_jobs, hearthline_console;

-- The line, which `serve` makes what its settings say.
GRANT SELECT, INSERT ON line TO hearthline_web;
GRANT UPDATE (name, zone, languages, code_length, crisis_name, emergency, speech, keysets, probe) ON line TO hearthline_web;
GRANT SELECT, INSERT, DELETE ON line_number TO hearthline_web;
GRANT SELECT ON line TO hearthline_jobs;
GRANT UPDATE (keysets, probe) ON line TO hearthline_jobs; -- also to lock it: imports take turns
GRANT SELECT, INSERT, DELETE, UPDATE (number) ON line_number TO hearthline_jobs; -- a rotation seals it anew
GRANT SELECT ON line TO hearthline_console;
GRANT UPDATE (name, zone, languages, crisis_name, emergency, speech) ON line TO hearthline_console;
GRANT SELECT ON setting TO hearthline_web;
GRANT SELECT, INSERT, UPDATE ON setting TO hearthline_jobs; -- a rotation seals it anew
GRANT SELECT, INSERT, UPDATE ON setting TO hearthline_console;
GRANT SELECT, INSERT, UPDATE (done_on) ON data_request TO hearthline_console;
GRANT SELECT, INSERT, UPDATE (done_on), DELETE ON data_request TO hearthline_jobs;

-- The directory. Whoever coordinates may set a facilitator's number and PIN, and
-- read neither.
GRANT SELECT ON groups, meeting, facilitator TO hearthline_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON groups, meeting, facilitator TO hearthline_jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON groups, meeting TO hearthline_console;
GRANT SELECT (line_id, group_id, facilitator_id, alias, ordinal), INSERT, UPDATE, DELETE ON facilitator TO hearthline_console;
GRANT SELECT, INSERT, UPDATE (idle_since, draft_only) ON flow_version TO hearthline_web, hearthline_jobs, hearthline_console;
GRANT DELETE ON flow_version TO hearthline_jobs, hearthline_console; -- a draft that the next one replaces
-- Which of them is heard: by everybody, and by testers, whose numbers the console adds
-- and removes.
GRANT SELECT ON flow_publication, flow_draft, flow_tester TO hearthline_web;
GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON flow_publication TO hearthline_jobs, hearthline_console;
GRANT SELECT, INSERT, UPDATE (hash, drafted_at), DELETE ON flow_draft TO hearthline_jobs, hearthline_console;
GRANT SELECT, INSERT, DELETE, UPDATE (number) ON flow_tester TO hearthline_jobs; -- a rotation seals it anew
GRANT SELECT, INSERT, DELETE ON flow_tester TO hearthline_console;

-- Those who call and text.
GRANT SELECT, INSERT, UPDATE, DELETE ON dialogue, member, membership, attempt TO hearthline_web;
GRANT SELECT, INSERT, DELETE ON keys.member, keys.membership TO hearthline_web;
GRANT SELECT, INSERT, UPDATE ON effect TO hearthline_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO hearthline_web;
GRANT SELECT, INSERT ON firing TO hearthline_web; -- who asks to be rung when it starts
GRANT SELECT, INSERT, UPDATE, DELETE ON member, membership, keys.member, keys.membership, outbox TO hearthline_jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON firing TO hearthline_jobs;
GRANT SELECT, INSERT, UPDATE ON sending, sender TO hearthline_jobs;
GRANT SELECT, INSERT, DELETE ON sent_mark TO hearthline_jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON dialogue, effect, attempt TO hearthline_jobs; -- a rotation seals what is open anew, and each night writes counters anew
GRANT SELECT (line_id, state) ON member TO hearthline_console;
GRANT SELECT (line_id, pseudonym, group_id, channel, offsets, state), UPDATE (state) ON membership TO hearthline_console;

-- What staff say to a group, and what is spoken for us. Who coordinates writes
-- messages and sees how many were reached, and never whom.
GRANT SELECT, INSERT, UPDATE ON message TO hearthline_web; -- a coordinator speaks one by phone; who is rung hears it
GRANT SELECT, INSERT, UPDATE, DELETE ON message TO hearthline_jobs;
GRANT SELECT, INSERT, UPDATE ON message TO hearthline_console;
GRANT SELECT (line_id, firing_id, kind, channel, state, outcome, answer, reason) ON outbox TO hearthline_console;
GRANT SELECT ON firing TO hearthline_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON voicemail TO hearthline_web, hearthline_jobs;
GRANT SELECT, INSERT, DELETE ON keys.voicemail TO hearthline_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON keys.voicemail TO hearthline_jobs;

-- The prompts in people's voices: by phone somebody records a draft, at the desk an owner
-- approves it.
GRANT SELECT, INSERT, UPDATE ON recording TO hearthline_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON recording TO hearthline_jobs, hearthline_console;

-- Live sessions: calls and texts change them, and so do timers and operators.
GRANT SELECT, INSERT, UPDATE, DELETE ON keys.session TO hearthline_web, hearthline_jobs;
GRANT SELECT, INSERT, UPDATE ON circle TO hearthline_web, hearthline_jobs;

-- Who signs in to the desk. It sees that somebody has a number, and not which; a call
-- sees nothing of how somebody signs in with a browser.
GRANT SELECT (line_id, account_id, email, email_mark, name, role, lang, state, password, totp, totp_step, handle, has_number, number_proven, has_pin, made_on),
    INSERT, UPDATE, DELETE ON account TO hearthline_console;
GRANT SELECT, INSERT, DELETE ON account_group, recovery_code TO hearthline_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON passkey, invitation, desk_session, known_device TO hearthline_console;
GRANT SELECT, DELETE ON first_link TO hearthline_console;
GRANT SELECT, INSERT, DELETE ON first_link TO hearthline_jobs; -- each start makes one
GRANT SELECT, INSERT, UPDATE ON attempt TO hearthline_console; -- of passwords
GRANT SELECT (line_id, account_id, email, name, role, lang, state, handle, has_number, number_proven, has_pin, number, pin_hash), UPDATE (number_proven) ON account TO hearthline_web;
GRANT SELECT ON account_group TO hearthline_web;
GRANT SELECT, INSERT, UPDATE ON account TO hearthline_jobs;
GRANT SELECT, INSERT, DELETE ON account_group, recovery_code TO hearthline_jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON passkey, invitation, desk_session, known_device TO hearthline_jobs;

-- What was entered at the carrier, from a terminal or at the desk, and whether it calls.
GRANT SELECT, INSERT, UPDATE (changes, undone_at) ON provision TO hearthline_jobs;
GRANT SELECT, INSERT, UPDATE (undone_at) ON provision TO hearthline_console;
GRANT SELECT, INSERT, UPDATE ON contact TO hearthline_web;
GRANT SELECT ON contact TO hearthline_jobs, hearthline_console;

-- Counts, and the machinery's own.
GRANT SELECT, INSERT, UPDATE ON daily_count TO hearthline_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON daily_count, traffic TO hearthline_jobs;
GRANT SELECT, INSERT, UPDATE ON attendance, last_session, stop TO hearthline_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON attendance, last_session, stop TO hearthline_jobs;
GRANT SELECT ON attendance, last_session, stop TO hearthline_console;
GRANT SELECT, INSERT, UPDATE ON replica TO hearthline_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON replica TO hearthline_jobs;
GRANT SELECT, INSERT, DELETE ON sweep TO hearthline_jobs;
GRANT SELECT ON daily_count, traffic, sweep TO hearthline_console;

-- The audit log is added to and read; what is a year old goes by a function.
GRANT SELECT, INSERT ON audit TO hearthline_jobs, hearthline_console;
GRANT SELECT ON audit_anchor TO hearthline_jobs, hearthline_console;
-- What a facilitator does by keypad is added where it is done: that takes the end
-- of the log, and reads nothing of what staff did.
GRANT INSERT, SELECT (line_id, entry_id, seq, hash) ON audit TO hearthline_web;
GRANT SELECT (line_id, seq, hash) ON audit_anchor TO hearthline_web;
GRANT EXECUTE ON FUNCTION audit_retire TO hearthline_jobs;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO hearthline_backup;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO hearthline_backup;

-- What is done for somebody at the desk is done in one line, and with what is known of
-- people only in the groups of who is signed in: the program says which in each
-- transaction. The console's role has nothing where it says nothing; those who serve
-- calls are bound where it does, for the desk reads with their rights what it holds no
-- key to. What is in the directory of groups any caller of the line can come to hear.
-- What was sent belongs to the group of its date; of what is of no date, the console
-- sees nothing but as who sees all.
DO $$
DECLARE
    name text;
    relation text;
    grouped boolean;
    loose boolean; -- a row may be of no group
    line constant text := $sql$line_id = nullif(current_setting('hearthline.line', true), '')::uuid$sql$;
    all_groups constant text := $sql$current_setting('hearthline.groups', true) = '*'$sql$;
    free constant text := $sql$(SELECT nullif(current_setting('hearthline.line', true), '') IS NULL)$sql$;
    here text;
    written text; -- what may be written: a date's row comes with what is sent of it
    served text;
BEGIN
    FOR name, relation, grouped, loose IN
        SELECT c.oid::regclass::text, c.relname, a.attname IS NOT NULL, NOT coalesce(a.attnotnull, true)
        FROM pg_class c
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'group_id' AND NOT a.attisdropped
            AND c.relname NOT IN ('groups', 'meeting', 'account_group')
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'line_id' AND NOT a.attisdropped)
        ORDER BY 1
    LOOP
        here := line;
        IF grouped THEN
            here := here || ' AND (' || all_groups || $sql$ OR group_id::text = ANY (string_to_array(current_setting('hearthline.groups', true), ','))$sql$
                || CASE WHEN loose THEN ' OR group_id IS NULL' ELSE '' END || ')';
        END IF;
        written := here;
        served := here;
        IF relation = 'outbox' THEN -- firing has a policy of its own
            served := line || ' AND (' || all_groups || ' OR firing_id IS NULL OR firing_id IN (SELECT f.firing_id FROM firing f))';
            here := line || ' AND (' || all_groups || ' OR firing_id IN (SELECT f.firing_id FROM firing f))';
        END IF;
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('DROP POLICY IF EXISTS console ON %s', name);
        EXECUTE format('DROP POLICY IF EXISTS served ON %s', name);
        EXECUTE format('DROP POLICY IF EXISTS others ON %s', name);
        EXECUTE format('CREATE POLICY console ON %s TO hearthline_console USING (%s) WITH CHECK (%s)', name, here, written);
        EXECUTE format('CREATE POLICY served ON %s TO hearthline_web, hearthline_jobs USING (%s OR %s) WITH CHECK (%s OR %s)', name, free, served, free, written);
        EXECUTE format('CREATE POLICY others ON %s TO hearthline_owner, hearthline_backup USING (true) WITH CHECK (true)', name);
    END LOOP;
END $$;

-- The owner gets what is not its own yet; an extension's things are not ours.
DO $$
DECLARE
    thing text;
BEGIN
    FOR thing IN
        SELECT format('TABLE %s', c.oid::regclass)
        FROM pg_class c
        WHERE c.relnamespace IN ('public'::regnamespace, 'keys'::regnamespace) AND c.relkind IN ('r', 'p')
          AND c.relowner <> 'hearthline_owner'::regrole
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        UNION ALL
        SELECT format('FUNCTION %s', p.oid::regprocedure)
        FROM pg_proc p
        WHERE p.pronamespace IN ('public'::regnamespace, 'keys'::regnamespace)
          AND p.proowner <> 'hearthline_owner'::regrole
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        UNION ALL
        SELECT format('SCHEMA %I', n.nspname)
        FROM pg_namespace n
        WHERE n.nspname = 'keys' AND n.nspowner <> 'hearthline_owner'::regrole
    LOOP
        EXECUTE format('ALTER %s OWNER TO hearthline_owner', thing);
    END LOOP;
END $$;
