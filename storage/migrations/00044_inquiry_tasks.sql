-- +goose Up

-- A task about an inquiry says which: a request may have several of them open, each for another addressee.
ALTER TABLE tasks ADD COLUMN inquiry_id uuid;
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
UPDATE tasks SET inquiry_id = split_part(key, '/', 2)::uuid WHERE kind = 'inquiry';
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks
    ADD CONSTRAINT tasks_inquiry_check CHECK ((kind = 'inquiry') = (inquiry_id IS NOT NULL)),
    ADD CONSTRAINT tasks_inquiry_fkey FOREIGN KEY (tenant_id, inquiry_id) REFERENCES inquiries (tenant_id, id);
CREATE INDEX tasks_of_inquiry ON tasks (tenant_id, inquiry_id) WHERE inquiry_id IS NOT NULL;

-- +goose Down
ALTER TABLE tasks DROP COLUMN inquiry_id;
