-- +goose Up

-- Systems may be MySQL or MariaDB too, which are one kind: they are spoken to alike.
ALTER TABLE systems DROP CONSTRAINT systems_kind_check, ADD CONSTRAINT systems_kind_check CHECK (kind IN ('postgres', 'mysql'));

-- +goose Down

-- Refused while there is a system of the further kind: the binary before would not know what to do with it.
ALTER TABLE systems DROP CONSTRAINT systems_kind_check, ADD CONSTRAINT systems_kind_check CHECK (kind IN ('postgres'));
