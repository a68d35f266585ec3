-- +goose Up

-- identities_sealed are what the person's rows in a system say they are known by: a hold on any of it stands on the person.
ALTER TABLE erasure_surveys ADD COLUMN identities_sealed bytea;

-- begun counts how often work on a collection began: what was changed right before it broke off may have been counted by nobody.
ALTER TABLE erasure_steps ADD COLUMN begun integer NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE erasure_steps DROP COLUMN begun;
ALTER TABLE erasure_surveys DROP COLUMN identities_sealed;
