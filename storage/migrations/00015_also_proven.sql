-- +goose Up

-- What a member of staff saw to be the person's beside the mailbox, which alone is what a code and the company's own sign-in prove. Systems
-- are searched by nothing that was only claimed.
ALTER TABLE cases ADD COLUMN also_proven text CHECK (also_proven IN ('phone_number', 'customer_id', 'phone_number_and_customer_id')),
    -- proven_by is who said so, by id: somebody else approves what was found by it.
    ADD COLUMN proven_by text;

-- +goose Down
ALTER TABLE cases DROP COLUMN also_proven, DROP COLUMN proven_by;
