-- +goose Up

-- A system may lie behind HTTP: service is the document that says how it is reached. It holds no secret; those are sealed as other systems' addresses are.
ALTER TABLE systems ADD COLUMN service text NOT NULL DEFAULT '',
    DROP CONSTRAINT systems_kind_check, ADD CONSTRAINT systems_kind_check CHECK (kind IN ('postgres', 'mysql', 'http')),
    ADD CONSTRAINT systems_service CHECK ((kind = 'http') = (service <> ''));

-- +goose Down

-- Refused while there is a system of the further kind: the binary before would not know what to do with it.
ALTER TABLE systems DROP CONSTRAINT systems_service,
    DROP CONSTRAINT systems_kind_check, ADD CONSTRAINT systems_kind_check CHECK (kind IN ('postgres', 'mysql')),
    DROP COLUMN service;
