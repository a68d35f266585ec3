-- +goose Up

-- summary is what a deferred erasure keeps where, under which rule and until when, as of its last look. It names nobody, and stays when the rest is
-- done; rows of before have none until they are looked at.
ALTER TABLE deferred_erasures ADD COLUMN summary jsonb;
CREATE INDEX deferred_erasures_in_order ON deferred_erasures (tenant_id, state DESC, due, id);

-- +goose Down
DROP INDEX deferred_erasures_in_order;
ALTER TABLE deferred_erasures DROP COLUMN summary;
