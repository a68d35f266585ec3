-- +goose Up

-- Somebody has said who took or prepared a contested decision, be it nobody of the staff: without that no review is concluded.
ALTER TABLE contests ADD COLUMN makers_said_at timestamptz;
GRANT UPDATE (makers_said_at) ON contests TO docket_app;

-- A transmission knows of the try that is on its way, that an archive went out whole with no answer that tells what became of it, and that staff have
-- ended it, which takes effect once the try is over.
ALTER TABLE transmissions ADD COLUMN sending_since timestamptz, ADD COLUMN unconfirmed_at timestamptz, ADD COLUMN refused_at timestamptz;
GRANT UPDATE (sending_since, unconfirmed_at, refused_at) ON transmissions TO docket_app;

-- +goose Down
ALTER TABLE transmissions DROP COLUMN sending_since, DROP COLUMN unconfirmed_at, DROP COLUMN refused_at;
ALTER TABLE contests DROP COLUMN makers_said_at;
