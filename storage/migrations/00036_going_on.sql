-- +goose Up

-- Whoever decides can let an erasure go on without the answer of somebody who was asked to erase: the inquiry stays, and nothing waits for it.
GRANT UPDATE (awaited) ON inquiries TO docket_app;
-- A file that came by mistake is taken away again while the inquiry is open.
GRANT DELETE ON inquiry_files TO docket_app;

-- +goose Down
REVOKE DELETE ON inquiry_files FROM docket_app;
REVOKE UPDATE (awaited) ON inquiries FROM docket_app;
