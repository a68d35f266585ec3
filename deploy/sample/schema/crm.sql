CREATE SCHEMA crm;

CREATE TABLE crm.countries (
    code char(2) PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE crm.staff (
    id int PRIMARY KEY,
    email text NOT NULL,
    full_name text NOT NULL,
    role text NOT NULL
);

CREATE TABLE crm.accounts (
    id int PRIMARY KEY,
    name text NOT NULL,
    vat_id text,
    city text,
    country char(2)
);

CREATE TABLE crm.contacts (
    id int PRIMARY KEY,
    account_id int REFERENCES crm.accounts,
    email text NOT NULL,
    phone text,
    first_name text NOT NULL,
    last_name text NOT NULL,
    birthday date,
    language char(2) NOT NULL,
    tags text[],
    preferences jsonb,
    created_at timestamptz NOT NULL
);
CREATE INDEX ON crm.contacts (lower(email));

CREATE TABLE crm.addresses (
    id int PRIMARY KEY,
    contact_id int NOT NULL REFERENCES crm.contacts,
    kind text NOT NULL,
    street text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    country char(2) NOT NULL
);
CREATE INDEX ON crm.addresses (contact_id);

CREATE TABLE crm.activities (
    id int PRIMARY KEY,
    contact_id int NOT NULL REFERENCES crm.contacts,
    staff_id int NOT NULL REFERENCES crm.staff,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    minutes int,
    note text
);
CREATE INDEX ON crm.activities (contact_id);

CREATE TABLE crm.tickets (
    id int PRIMARY KEY,
    contact_id int NOT NULL REFERENCES crm.contacts,
    subject text NOT NULL,
    status text NOT NULL,
    opened_at timestamptz NOT NULL,
    cc text[],
    origin jsonb
);
CREATE INDEX ON crm.tickets (contact_id);

CREATE TABLE crm.messages (
    id int PRIMARY KEY,
    ticket_id int NOT NULL REFERENCES crm.tickets,
    author text NOT NULL,
    sent_at timestamptz NOT NULL,
    body text NOT NULL,
    attachment bytea
);
CREATE INDEX ON crm.messages (ticket_id);

CREATE TABLE crm.consents (
    contact_id int NOT NULL REFERENCES crm.contacts,
    purpose text NOT NULL,
    granted boolean NOT NULL,
    at timestamptz NOT NULL,
    evidence jsonb NOT NULL,
    PRIMARY KEY (contact_id, purpose, at)
);
