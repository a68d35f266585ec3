-- +goose Up

-- An account is a person who signs in. It stands above the tenants: the rows of staff are its memberships. Its rows are
-- visible to a transaction that names it, as a tenant's are.
-- +goose StatementBegin
CREATE FUNCTION docket_account() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('docket.account', true), '')::uuid;
-- +goose StatementEnd

-- Name, address and second factor are sealed under the key of accounts, which is one of the installation's; so is the
-- key of the index that an address is found by.
CREATE TABLE accounts (
    id                uuid PRIMARY KEY,
    email_index       bytea NOT NULL UNIQUE,
    email_sealed      bytea NOT NULL,
    name_sealed       bytea NOT NULL,
    -- password_hash is an argon2id hash with its salt; null for who signs in by single sign-on alone.
    password_hash     text,
    totp_sealed       bytea,
    totp_confirmed_at timestamptz,
    -- totp_step is the last step whose code was used: a code works once.
    totp_step         bigint NOT NULL DEFAULT 0,
    created_at        timestamptz NOT NULL,
    disabled_at       timestamptz,
    CHECK (totp_confirmed_at IS NULL OR totp_sealed IS NOT NULL)
);

CREATE TABLE recovery_codes (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts,
    code_hash  bytea NOT NULL,
    used_at    timestamptz,
    UNIQUE (account_id, code_hash)
);

CREATE TABLE passkeys (
    id            uuid PRIMARY KEY,
    account_id    uuid NOT NULL REFERENCES accounts,
    credential_id bytea NOT NULL UNIQUE,
    -- credential is the public key with what the authenticator said of itself; name is what the person calls it, sealed.
    credential    bytea NOT NULL,
    sign_count    bigint NOT NULL,
    name_sealed   bytea NOT NULL,
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz
);
CREATE INDEX passkeys_of_account ON passkeys (account_id);

-- Single sign-on knows a person by issuer and subject; the index is keyed, because a subject may be an address.
CREATE TABLE oidc_links (
    id            uuid PRIMARY KEY,
    account_id    uuid NOT NULL REFERENCES accounts,
    subject_index bytea NOT NULL UNIQUE,
    created_at    timestamptz NOT NULL
);

-- chosen_tenant is the tenant that the session works in, only_tenant the one that it may not leave.
CREATE TABLE sessions (
    id               uuid PRIMARY KEY,
    account_id       uuid NOT NULL REFERENCES accounts,
    token_hash       bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    method           text NOT NULL CHECK (method IN ('password', 'passkey', 'invitation', 'single_sign_on')),
    stage            text NOT NULL CHECK (stage IN ('code', 'tenant', 'enrol', 'done')),
    chosen_tenant    uuid REFERENCES tenants,
    only_tenant      uuid REFERENCES tenants,
    device_sealed    bytea NOT NULL,
    created_at       timestamptz NOT NULL,
    last_seen_at     timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    second_factor_at timestamptz,
    ended_at         timestamptz,
    ended_why        text CHECK (ended_why IN ('signed_out', 'revoked', 'password_changed', 'role_changed', 'deactivated')),
    CHECK ((ended_at IS NULL) = (ended_why IS NULL)),
    CHECK (stage <> 'done' OR chosen_tenant IS NOT NULL),
    CHECK (only_tenant IS NULL OR chosen_tenant IS NULL OR chosen_tenant = only_tenant)
);
CREATE INDEX sessions_of_account ON sessions (account_id, created_at);

-- resets are single-use links to a new password.
CREATE TABLE resets (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz
);

-- What was tried, by a keyed hash that says neither who nor from where.
CREATE TABLE sign_in_failures (
    hash  bytea PRIMARY KEY,
    count integer NOT NULL,
    until timestamptz NOT NULL,
    at    timestamptz NOT NULL
);
CREATE INDEX sign_in_failures_old ON sign_in_failures (at);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_failures TO docket_app;

-- challenges are what passkeys are asked to sign: good once and for minutes, for the session that asked where there is one.
CREATE TABLE challenges (
    hash       bytea PRIMARY KEY,
    purpose    text NOT NULL CHECK (purpose IN ('sign_in', 'register', 'second_factor')),
    session_id uuid,
    data       bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX challenges_old ON challenges (expires_at);
GRANT SELECT, INSERT, DELETE ON challenges TO docket_app;

-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['recovery_codes', 'passkeys', 'oidc_links', 'sessions', 'resets'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY account_rows ON %I USING (account_id = docket_account()) WITH CHECK (account_id = docket_account())', name);
    END LOOP;
END
$$;
-- +goose StatementEnd
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY account_rows ON accounts USING (id = docket_account()) WITH CHECK (id = docket_account());
GRANT SELECT, INSERT, UPDATE ON accounts, oidc_links, resets TO docket_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON recovery_codes, passkeys, sessions TO docket_app;

-- A tenant that operates is the processor itself: its operators see every tenant and no person. Only the schema's owner
-- and 'docket tenant create' can say so: the application may make such a tenant and never make one of another.
ALTER TABLE tenants ADD COLUMN operates boolean NOT NULL DEFAULT false;
REVOKE UPDATE ON tenants FROM docket_app;
GRANT UPDATE (name, country, calendar, zone, language, regime, profile, settings, wrapped_key, record_key) ON tenants TO docket_app;

-- A row of staff is a membership once its invitation was accepted.
ALTER TABLE staff ADD COLUMN account_id uuid REFERENCES accounts;
ALTER TABLE staff ADD COLUMN last_signed_in_at timestamptz;
ALTER TABLE staff DROP CONSTRAINT staff_role_check;
ALTER TABLE staff ADD CONSTRAINT staff_role_check CHECK (role IN ('agent', 'lead', 'dpo', 'executive', 'admin', 'auditor', 'operator'));
CREATE UNIQUE INDEX staff_of_account ON staff (tenant_id, account_id);
CREATE INDEX staff_by_account ON staff (account_id);

-- +goose StatementBegin
CREATE FUNCTION docket_operators_operate() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    IF NEW.role = 'operator' AND NOT EXISTS (SELECT FROM tenants WHERE id = NEW.tenant_id AND operates) THEN
        RAISE EXCEPTION 'only a tenant that operates has operators' USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_operators';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER staff_operators BEFORE INSERT OR UPDATE OF role, tenant_id ON staff FOR EACH ROW EXECUTE FUNCTION docket_operators_operate();

CREATE TABLE invitations (
    id         uuid PRIMARY KEY,
    tenant_id  uuid NOT NULL REFERENCES tenants,
    staff_id   uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz,
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX invitations_of_staff ON invitations (tenant_id, staff_id);

-- How a tenant's people sign in with the tenant's own provider. The client's secret is sealed under the tenant's record key.
CREATE TABLE single_sign_on (
    tenant_id           uuid PRIMARY KEY REFERENCES tenants,
    issuer              text NOT NULL,
    client_id           text NOT NULL,
    secret_sealed       bytea NOT NULL,
    label               text NOT NULL,
    role_claim          text NOT NULL,
    roles               jsonb NOT NULL,
    trust_second_factor boolean NOT NULL,
    changed_at          timestamptz NOT NULL
);

-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['invitations', 'single_sign_on'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', name);
    END LOOP;
END
$$;
-- +goose StatementEnd
GRANT SELECT, INSERT, UPDATE ON invitations TO docket_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON single_sign_on TO docket_app;

-- A scope is <tag>:read or <tag>:write; none at all means all that the role may.
ALTER TABLE api_keys ADD COLUMN scopes text[] NOT NULL DEFAULT '{}';

-- What is asked before an account or tenant is known. Each function answers one question and cannot list.
GRANT SELECT (id, email_index, disabled_at, totp_confirmed_at) ON accounts TO docket_lookup;
GRANT SELECT (account_id, credential_id) ON passkeys TO docket_lookup;
GRANT SELECT (account_id, subject_index) ON oidc_links TO docket_lookup;
GRANT SELECT (id, account_id, token_hash, method, stage, chosen_tenant, only_tenant, created_at, last_seen_at, expires_at, second_factor_at, ended_at)
    ON sessions TO docket_lookup;
GRANT SELECT (account_id, token_hash, expires_at, ended_at) ON resets TO docket_lookup;
GRANT SELECT (id, tenant_id, account_id, role, active) ON staff TO docket_lookup;
GRANT SELECT (tenant_id, staff_id, token_hash, expires_at, ended_at) ON invitations TO docket_lookup;
GRANT SELECT (name, settings) ON tenants TO docket_lookup;
-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['accounts', 'passkeys', 'oidc_links', 'sessions', 'resets', 'staff', 'invitations'] LOOP
        EXECUTE format('CREATE POLICY lookup ON %I FOR SELECT TO docket_lookup USING (true)', name);
    END LOOP;
END
$$;

CREATE FUNCTION docket_account_by_email(wanted bytea) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    RETURN (SELECT id FROM accounts WHERE email_index = wanted AND disabled_at IS NULL);

CREATE FUNCTION docket_account_by_passkey(wanted bytea) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    RETURN (SELECT k.account_id FROM passkeys k JOIN accounts a ON a.id = k.account_id AND a.disabled_at IS NULL WHERE k.credential_id = wanted);

CREATE FUNCTION docket_account_by_subject(wanted bytea) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    RETURN (SELECT l.account_id FROM oidc_links l JOIN accounts a ON a.id = l.account_id AND a.disabled_at IS NULL WHERE l.subject_index = wanted);

CREATE FUNCTION docket_account_by_reset(hash bytea, at timestamptz) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    RETURN (SELECT account_id FROM resets WHERE token_hash = hash AND ended_at IS NULL AND expires_at > at);

CREATE FUNCTION docket_invitation(hash bytea, at timestamptz) RETURNS TABLE (tenant uuid, staff uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 SET search_path = public AS $$
BEGIN
    RETURN QUERY SELECT i.tenant_id, i.staff_id FROM invitations i WHERE i.token_hash = hash AND i.ended_at IS NULL AND i.expires_at > at;
END
$$;

-- Whoever has the token of a session may learn whose it is and what it may do: one question, because every call asks it. An
-- operator is one in every tenant that they are no member of.
CREATE FUNCTION docket_session(hash bytea) RETURNS TABLE (
        id uuid, account uuid, tenant uuid, only_tenant uuid, staff uuid, role text, method text, stage text, created_at timestamptz,
        last_seen_at timestamptz, expires_at timestamptz, second_factor_at timestamptz, totp boolean, passkeys bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 SET search_path = public AS $$
BEGIN
    RETURN QUERY SELECT s.id, s.account_id, s.chosen_tenant, s.only_tenant, coalesce(m.id, o.id), coalesce(m.role, o.role), s.method, s.stage,
        s.created_at, s.last_seen_at, s.expires_at, s.second_factor_at, a.totp_confirmed_at IS NOT NULL,
        (SELECT count(*) FROM public.passkeys k WHERE k.account_id = a.id)
    FROM sessions s JOIN accounts a ON a.id = s.account_id AND a.disabled_at IS NULL
    LEFT JOIN staff m ON m.tenant_id = s.chosen_tenant AND m.account_id = a.id AND m.active
    LEFT JOIN LATERAL (SELECT w.id, w.role FROM staff w
        WHERE w.account_id = a.id AND w.active AND w.role = 'operator' ORDER BY w.id LIMIT 1) o
        ON m.id IS NULL AND s.only_tenant IS NULL AND s.chosen_tenant IS NOT NULL
    WHERE s.token_hash = hash AND s.ended_at IS NULL;
END
$$;

-- The memberships of the account that the transaction has named.
CREATE FUNCTION docket_memberships() RETURNS TABLE (tenant uuid, slug text, name text, staff uuid, role text, second_factor boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
BEGIN
    RETURN QUERY SELECT t.id, t.slug, t.name, m.id, m.role, coalesce(t.settings->>'second_factor', '') = 'required'
    FROM staff m JOIN tenants t ON t.id = m.tenant_id WHERE m.account_id = docket_account() AND m.active ORDER BY t.slug;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE signature text;
BEGIN
    GRANT CREATE ON SCHEMA public TO docket_lookup;
    FOREACH signature IN ARRAY ARRAY['docket_account_by_email(bytea)', 'docket_account_by_passkey(bytea)', 'docket_account_by_subject(bytea)',
        'docket_account_by_reset(bytea, timestamptz)', 'docket_invitation(bytea, timestamptz)', 'docket_session(bytea)', 'docket_memberships()'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', signature);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO docket_app', signature);
        EXECUTE format('ALTER FUNCTION %s OWNER TO docket_lookup', signature);
    END LOOP;
    REVOKE CREATE ON SCHEMA public FROM docket_lookup;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION docket_memberships();
DROP FUNCTION docket_session(bytea);
DROP FUNCTION docket_invitation(bytea, timestamptz);
DROP FUNCTION docket_account_by_reset(bytea, timestamptz);
DROP FUNCTION docket_account_by_subject(bytea);
DROP FUNCTION docket_account_by_passkey(bytea);
DROP FUNCTION docket_account_by_email(bytea);
ALTER TABLE api_keys DROP COLUMN scopes;
DROP TABLE single_sign_on;
DROP TABLE invitations;
DROP TRIGGER staff_operators ON staff;
DROP FUNCTION docket_operators_operate();
DROP POLICY lookup ON staff;
REVOKE SELECT (id, tenant_id, account_id, role, active) ON staff FROM docket_lookup;
DELETE FROM staff WHERE role = 'operator';
ALTER TABLE staff DROP CONSTRAINT staff_role_check;
ALTER TABLE staff ADD CONSTRAINT staff_role_check CHECK (role IN ('agent', 'lead', 'dpo', 'executive', 'admin', 'auditor'));
ALTER TABLE staff DROP COLUMN last_signed_in_at;
ALTER TABLE staff DROP COLUMN account_id;
REVOKE SELECT (name, settings) ON tenants FROM docket_lookup;
ALTER TABLE tenants DROP COLUMN operates;
REVOKE UPDATE (name, country, calendar, zone, language, regime, profile, settings, wrapped_key, record_key) ON tenants FROM docket_app;
GRANT UPDATE ON tenants TO docket_app;
DROP TABLE challenges;
DROP TABLE sign_in_failures;
DROP TABLE resets;
DROP TABLE sessions;
DROP TABLE oidc_links;
DROP TABLE passkeys;
DROP TABLE recovery_codes;
DROP TABLE accounts;
DROP FUNCTION docket_account();
