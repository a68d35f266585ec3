-- name: DeleteNote :execrows
DELETE FROM notes WHERE tenant_id = $1 AND case_id = $2 AND id = $3;
