-- +goose Up

-- Recipients hear again of what an erasure had left to its time: a notice of a later look is beside that of the first erasure.
ALTER TABLE recipient_notices ADD COLUMN turn text NOT NULL DEFAULT '' CHECK (length(turn) <= 100);
ALTER TABLE recipient_notices DROP CONSTRAINT recipient_notices_tenant_id_plan_id_system_key_recipient_key;
ALTER TABLE recipient_notices ADD CONSTRAINT recipient_notices_once UNIQUE (tenant_id, plan_id, system_key, recipient, turn);

-- +goose Down
ALTER TABLE recipient_notices DROP CONSTRAINT recipient_notices_once;
DELETE FROM recipient_notices WHERE turn <> '' AND NOT EXISTS (SELECT FROM inquiries i WHERE i.tenant_id = recipient_notices.tenant_id AND i.notice_id = recipient_notices.id);
ALTER TABLE recipient_notices ADD CONSTRAINT recipient_notices_tenant_id_plan_id_system_key_recipient_key UNIQUE (tenant_id, plan_id, system_key, recipient);
ALTER TABLE recipient_notices DROP COLUMN turn;
