-- +goose Up

-- A system may be an object store that speaks S3: service is the document that says which objects belong to what, and holds no secret either.
ALTER TABLE systems DROP CONSTRAINT systems_service,
    DROP CONSTRAINT systems_kind_check, ADD CONSTRAINT systems_kind_check CHECK (kind IN ('postgres', 'mysql', 'http', 's3')),
    ADD CONSTRAINT systems_service CHECK ((kind IN ('http', 's3')) = (service <> ''));

-- +goose Down

-- Refused while there is a system of the further kind: the binary before would not know what to do with it.
ALTER TABLE systems DROP CONSTRAINT systems_service,
    DROP CONSTRAINT systems_kind_check, ADD CONSTRAINT systems_kind_check CHECK (kind IN ('postgres', 'mysql', 'http')),
    ADD CONSTRAINT systems_service CHECK ((kind = 'http') = (service <> ''));
