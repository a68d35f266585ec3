-- +goose Up

-- An erasure that is carried out once more sets the hours anew in which the person hears of it.
ALTER TABLE obligations DROP CONSTRAINT obligations_date_cause_check,
    ADD CONSTRAINT obligations_date_cause_check
        CHECK (date_cause IN ('intake', 'pause', 'resume', 'extension', 'start_reset', 'reopening', 'appeal', 'execution'));

-- +goose Down
ALTER TABLE obligations NO FORCE ROW LEVEL SECURITY;
UPDATE obligations SET date_cause = 'reopening' WHERE date_cause = 'execution';
ALTER TABLE obligations FORCE ROW LEVEL SECURITY;
ALTER TABLE obligations DROP CONSTRAINT obligations_date_cause_check,
    ADD CONSTRAINT obligations_date_cause_check CHECK (date_cause IN ('intake', 'pause', 'resume', 'extension', 'start_reset', 'reopening', 'appeal'));
