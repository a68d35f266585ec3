-- +goose Up

-- The application signs in as docket_app, which owns nothing: row-level security is forced on every table that holds
-- a tenant's rows, and the tenant is set per transaction. No tenant in the session, no rows.
-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'docket_app') THEN
        CREATE ROLE docket_app NOLOGIN NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'docket_lookup') THEN
        CREATE ROLE docket_lookup NOLOGIN NOBYPASSRLS;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of the same server made it at this moment
END
$$;
-- +goose StatementEnd

GRANT USAGE ON SCHEMA public TO docket_app;
-- docket_lookup owns the few functions that answer one question across tenants; it can read the columns that those
-- need and nothing else. It may create only while it is given them.
GRANT USAGE, CREATE ON SCHEMA public TO docket_lookup;
-- +goose StatementBegin
DO $$
BEGIN
    -- Giving functions to a role takes membership of it, unless one is superuser.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT docket_lookup TO %I', current_user);
    END IF;
EXCEPTION WHEN unique_violation THEN
    NULL; -- another database of the same owner was given it at this moment
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION docket_tenant() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('docket.tenant', true), '')::uuid;
-- +goose StatementEnd

CREATE TABLE tenants (
    id          uuid PRIMARY KEY,
    slug        text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,61}$'),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    country     text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    -- calendar and zone are where the answering establishment is: Reg. 1182/71 Art. 2(1).
    calendar    text NOT NULL,
    zone        text NOT NULL,
    language    text NOT NULL,
    regime      text NOT NULL,
    -- profile is what letters say of the controller: address, DPO contact, authority.
    profile     jsonb NOT NULL,
    settings    jsonb NOT NULL,
    -- wrapped_key opens every key of the tenant; record_key seals the tenant's own records (staff, staff messages).
    wrapped_key bytea NOT NULL,
    record_key  bytea NOT NULL,
    created_at  timestamptz NOT NULL
);

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON tenants USING (id = docket_tenant()) WITH CHECK (id = docket_tenant());
GRANT SELECT, INSERT, UPDATE ON tenants TO docket_app;

-- installation_keys are the keys of the installation itself (payload codec, audit signer), wrapped by the master key.
CREATE TABLE installation_keys (
    name       text PRIMARY KEY,
    wrapped    bytea NOT NULL,
    created_at timestamptz NOT NULL,
    rotated_at timestamptz
);
GRANT SELECT, INSERT, UPDATE ON installation_keys TO docket_app;

CREATE TABLE staff (
    id           uuid PRIMARY KEY,
    tenant_id    uuid NOT NULL REFERENCES tenants,
    role         text NOT NULL CHECK (role IN ('agent', 'lead', 'dpo', 'executive', 'admin', 'auditor')),
    name_sealed  bytea NOT NULL,
    email_sealed bytea NOT NULL,
    email_index  bytea NOT NULL,
    active       boolean NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL,
    UNIQUE (tenant_id, email_index),
    UNIQUE (tenant_id, id)
);

CREATE TABLE api_keys (
    id           uuid PRIMARY KEY,
    tenant_id    uuid NOT NULL REFERENCES tenants,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    role         text NOT NULL CHECK (role IN ('admin', 'dpo', 'agent', 'auditor')),
    staff_id     uuid,
    secret_hash  bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);

CREATE POLICY lookup ON tenants FOR SELECT TO docket_lookup USING (true);
GRANT SELECT (id, slug) ON tenants TO docket_lookup;
CREATE POLICY lookup ON api_keys FOR SELECT TO docket_lookup USING (true);
GRANT SELECT ON api_keys TO docket_lookup;

-- Two look-ups happen before a tenant is known; each answers one question and cannot list.
-- +goose StatementBegin
CREATE FUNCTION docket_tenant_by_slug(wanted text) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    RETURN (SELECT id FROM tenants WHERE slug = wanted);

-- Whoever has the secret of a key may learn what the key may do: one question, because every call to the API asks it.
-- In PL/pgSQL, which plans the question once for each connection and not with each call.
CREATE FUNCTION docket_api_key(hash bytea) RETURNS SETOF api_keys
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 SET search_path = public AS $$
BEGIN
    RETURN QUERY SELECT * FROM api_keys WHERE secret_hash = hash;
END
$$;

-- The worker's relays serve every tenant: they may learn which tenants exist, not what is in them.
CREATE FUNCTION docket_tenant_ids() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC SELECT id FROM tenants ORDER BY id; END;
-- +goose StatementEnd

REVOKE EXECUTE ON FUNCTION docket_tenant_by_slug(text), docket_api_key(bytea), docket_tenant_ids() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION docket_tenant_by_slug(text), docket_api_key(bytea), docket_tenant_ids() TO docket_app;
ALTER FUNCTION docket_tenant_by_slug(text) OWNER TO docket_lookup;
ALTER FUNCTION docket_api_key(bytea) OWNER TO docket_lookup;
ALTER FUNCTION docket_tenant_ids() OWNER TO docket_lookup;
REVOKE CREATE ON SCHEMA public FROM docket_lookup;

-- +goose Down
DROP FUNCTION docket_tenant_ids();
DROP FUNCTION docket_api_key(bytea);
DROP FUNCTION docket_tenant_by_slug(text);
DROP TABLE api_keys;
DROP TABLE staff;
DROP TABLE installation_keys;
DROP TABLE tenants;
DROP FUNCTION docket_tenant();
-- The roles belong to the server, where other databases may use them; what they hold here goes.
REVOKE ALL ON SCHEMA public FROM docket_app, docket_lookup;
