CREATE TABLE subscribers (
    id         bigint PRIMARY KEY,
    email      text NOT NULL,
    first_name text,
    language   text,
    topics     text[],
    consent    jsonb,
    signed_up  timestamptz NOT NULL
);
CREATE INDEX ON subscribers (lower(email));

CREATE TABLE mailings (
    id      bigint PRIMARY KEY,
    subject text NOT NULL,
    sent_on date NOT NULL
);

CREATE TABLE sendings (
    id            bigint PRIMARY KEY,
    subscriber_id bigint NOT NULL REFERENCES subscribers,
    mailing_id    bigint NOT NULL REFERENCES mailings,
    sent_at       timestamptz NOT NULL,
    opened_at     timestamptz,
    clicks        text[] NOT NULL
);
CREATE INDEX ON sendings (subscriber_id, id);

CREATE TABLE replies (
    id            bigint PRIMARY KEY,
    subscriber_id bigint NOT NULL REFERENCES subscribers,
    sender        text,
    received_at   timestamptz NOT NULL,
    body          text
);
CREATE INDEX ON replies (subscriber_id, id);

-- Who is not written to, whether or not they subscribe.
CREATE TABLE blocked (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL,
    since timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX ON blocked (lower(email));
