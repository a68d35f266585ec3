package storage

// keyColumns say where the register keeps wrapped keys, and what a row becomes whose key is gone. A backup keeps them
// apart from everything else: without the key a person is forgotten, and an old backup must not bring the key back.
type keyColumns struct {
	table string
	// id is the column that a key is found by.
	id string
	// keys are the columns of keys, and told is the column that says when a key was destroyed, where there is one.
	keys []string
	told string
	// gone gives columns another value when the key is gone: r is the row of the register, k that of the keys, $1 the time.
	gone map[string]string
	// must says that no row can be without its key.
	must bool
}

// keyTables lists every table with wrapped keys; a test compares it with the catalog.
func keyTables() []keyColumns {
	return []keyColumns{
		{table: "tenants", id: "id", keys: []string{"wrapped_key", "record_key"}, must: true},
		{table: "subjects", id: "id", keys: []string{"wrapped_key"}, told: "destroyed_at"},
		{table: "systems", id: "id", keys: []string{"wrapped_key"}, must: true},
		{table: "collection_runs", id: "id", keys: []string{"key_wrapped"}},
		{table: "packages", id: "id", keys: []string{"wrapped_key"}, told: "destroyed_at", gone: map[string]string{"state": "'destroyed'"}},
		{table: "identity_documents", id: "id", keys: []string{"wrapped_key"}, told: "destroyed_at", gone: map[string]string{
			// A document that nobody can read is no proof any more.
			"decision": "coalesce(r.decision, 'dropped')", "decided_by": "coalesce(r.decided_by, 'restore')",
			"decided_at": "coalesce(r.decided_at, k.destroyed_at, $1)",
		}},
		{table: "task_attachments", id: "id", keys: []string{"wrapped_key"}, told: "destroyed_at"},
		{table: "inquiry_files", id: "id", keys: []string{"wrapped_key"}},
		{table: "sent_documents", id: "id", keys: []string{"wrapped_key"}, told: "destroyed_at"},
		{table: "consent_people", id: "id", keys: []string{"wrapped_key"}, told: "destroyed_at", gone: map[string]string{"blind_index": "NULL", "value_sealed": "NULL"}},
		{table: "consent_imports", id: "id", keys: []string{"wrapped_key"}},
	}
}

// installationKeys is the one table that is all keys.
const installationKeys = "installation_keys"

func keysOf(table string) (keyColumns, bool) {
	for _, k := range keyTables() {
		if k.table == table {
			return k, true
		}
	}
	return keyColumns{}, false
}
