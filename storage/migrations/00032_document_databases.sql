-- +goose Up

-- A system may be a database that speaks MongoDB's protocol. It has an address, as those that speak SQL have, and no document.
ALTER TABLE systems DROP CONSTRAINT systems_kind_check, ADD CONSTRAINT systems_kind_check CHECK (kind IN ('postgres', 'mysql', 'http', 's3', 'opendsr', 'email', 'manual', 'mongodb'));

-- +goose Down

-- Refused while there is a system of the further kind: the binary before would not know what to do with it.
ALTER TABLE systems DROP CONSTRAINT systems_kind_check, ADD CONSTRAINT systems_kind_check CHECK (kind IN ('postgres', 'mysql', 'http', 's3', 'opendsr', 'email', 'manual'));
