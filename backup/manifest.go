package backup

import (
	"time"

	"github.com/privacy-docket/docket/storage"
)

// Format is the version of the folder's layout.
const Format = 1

// What a folder holds.
const (
	kindRegister = "register"
	kindKeys     = "keys"
)

// Manifest says what a folder holds, file by file. It is written last and sealed under the master key, so that a folder
// with one is whole, and one that was altered by somebody without the key is told.
type Manifest struct {
	Format       int       `json:"format"`
	Kind         string    `json:"kind"`
	Product      string    `json:"product"`
	Installation string    `json:"installation"`
	Schema       int64     `json:"schema"`
	Taken        time.Time `json:"taken"`
	Counts       Counts    `json:"counts"`

	Tables []storage.Table `json:"tables"`
	Logs   []Log           `json:"logs,omitempty"`
	Files  []File          `json:"files"`
}

// Counts are for people.
type Counts struct {
	Tenants int64 `json:"tenants"`
	Cases   int64 `json:"cases"`
	Events  int64 `json:"events"`
	Objects int64 `json:"objects"`
	Bytes   int64 `json:"bytes"` // of the objects
	// Vanished objects were listed and gone when they were to be read: their cases went on meanwhile.
	Vanished int64 `json:"vanished"`
}

// Log is the audit log of a tenant at the moment of the backup, as an export that verifies by itself.
type Log struct {
	Tenant string `json:"tenant"`
	Key    string `json:"verifier_key"`
	Size   int64  `json:"size"`
	File   string `json:"file"`
}

// File is one file of the folder.
type File struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// The files of a folder.
const (
	manifestFile = "manifest.json"
	sealFile     = "manifest.seal"
	objectsFile  = "objects.jsonl.gz"
	objectsDir   = "objects"
	keysDir      = "keys"
)

func tableFile(table string) string { return "tables/" + table + ".copy.gz" }

func logFile(tenant string) string { return "audit/" + tenant + ".zip" }
