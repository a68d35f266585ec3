-- +goose Up

-- What no connector erases when its time is over, people do, and say so. asked_through is the day by which it had come to its end, done_through that
-- of what they have erased: they are asked again when more has.
CREATE TABLE deferred_by_hand (
    tenant_id     uuid NOT NULL,
    deferral_id   uuid NOT NULL,
    system_key    text NOT NULL,
    problem       text NOT NULL,
    asked_at      timestamptz NOT NULL,
    asked_through date NOT NULL,
    done_through  date,
    done_by       text,
    done_at       timestamptz,
    PRIMARY KEY (tenant_id, deferral_id, system_key),
    CHECK ((done_through IS NULL) = (done_by IS NULL) AND (done_through IS NULL) = (done_at IS NULL)),
    FOREIGN KEY (tenant_id, deferral_id) REFERENCES deferred_erasures (tenant_id, id)
);
ALTER TABLE deferred_by_hand ENABLE ROW LEVEL SECURITY;
ALTER TABLE deferred_by_hand FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON deferred_by_hand USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT, UPDATE ON deferred_by_hand TO docket_app;

-- Rows that nothing known of the person leads to are found again by the keys they were found by.
ALTER TABLE erasure_tombstones DROP CONSTRAINT erasure_tombstones_kind_check,
    ADD CONSTRAINT erasure_tombstones_kind_check CHECK (kind IN ('email', 'phone', 'customer_id', 'key'));

-- +goose Down
DELETE FROM erasure_tombstones WHERE kind = 'key';
ALTER TABLE erasure_tombstones DROP CONSTRAINT erasure_tombstones_kind_check,
    ADD CONSTRAINT erasure_tombstones_kind_check CHECK (kind IN ('email', 'phone', 'customer_id'));
DROP TABLE deferred_by_hand;
