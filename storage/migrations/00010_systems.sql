-- +goose Up

-- A system that was stopped in an emergency is not read, by whatever is under way, until it is let go on.
ALTER TABLE systems ADD COLUMN stopped_at timestamptz, ADD COLUMN stopped_by text, ADD COLUMN stop_reason text,
    ADD CONSTRAINT systems_stopped CHECK ((stopped_at IS NULL) = (stopped_by IS NULL) AND (stopped_at IS NULL) = (stop_reason IS NULL));

-- +goose Down
ALTER TABLE systems DROP COLUMN stopped_at, DROP COLUMN stopped_by, DROP COLUMN stop_reason;
