-- +goose Up

-- through_id is the system over whose connector a recipient hears of what was done: it is told as whoever has that system.
ALTER TABLE recipient_notices ADD COLUMN through_id uuid;
ALTER TABLE recipient_notices ADD FOREIGN KEY (tenant_id, through_id) REFERENCES systems (tenant_id, id);

-- +goose Down
ALTER TABLE recipient_notices DROP COLUMN through_id;
