-- name: InsertCertificate :exec
INSERT INTO erasure_certificates (id, tenant_id, case_id, plan_id, draft, created_at) VALUES ($1, $2, $3, $4, sqlc.arg(draft)::text, $5);

-- name: TenantsToCertify :many
SELECT docket_tenants_to_certify()::uuid AS id;

-- name: UnsignedCertificates :many
SELECT id, case_id, plan_id, draft FROM erasure_certificates WHERE tenant_id = $1 AND signed_at IS NULL ORDER BY created_at LIMIT sqlc.arg(wanted);

-- name: SignCertificate :execrows
UPDATE erasure_certificates SET draft = NULL, note = sqlc.arg(note)::text, sha256 = sqlc.arg(sha256)::bytea, signed_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND signed_at IS NULL;

-- name: CertificateOf :one
SELECT id, case_id, plan_id, note, sha256, created_at, signed_at FROM erasure_certificates
WHERE tenant_id = $1 AND case_id = $2 ORDER BY created_at DESC LIMIT 1;
