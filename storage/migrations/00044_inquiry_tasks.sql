-- +goose Up

-- A task about an inquiry says which: a request may have several of them open, each for another addressee.
ALTER TABLE tasks ADD COLUMN inquiry_id uuid;
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
UPDATE tasks SET inquiry_id = split_part(key, '/', 2)::uuid WHERE kind = 'inquiry';
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks
    ADD CONSTRAINT tasks_inquiry_check CHECK ((kind = 'inquiry') = (inquiry_id IS NOT NULL)),
    ADD CONSTRAINT tasks_inquiry_fkey FOREIGN KEY (tenant_id, inquiry_id) REFERENCES inquiries (tenant_id, id);

-- The binary before goes on while this runs, and names the inquiry in the key alone.
-- +goose StatementBegin
CREATE FUNCTION name_inquiry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.inquiry_id := split_part(NEW.key, '/', 2)::uuid;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER tasks_name_inquiry BEFORE INSERT ON tasks FOR EACH ROW WHEN (NEW.kind = 'inquiry' AND NEW.inquiry_id IS NULL) EXECUTE FUNCTION name_inquiry();

CREATE INDEX tasks_of_inquiry ON tasks (tenant_id, inquiry_id) WHERE inquiry_id IS NOT NULL;

-- +goose Down
DROP TRIGGER tasks_name_inquiry ON tasks;
DROP FUNCTION name_inquiry();
ALTER TABLE tasks DROP COLUMN inquiry_id;
