package packaging

import "time"

// ManifestName is the manifest's name in the ZIP.
const ManifestName = "manifest.json"

// ManifestVersion is the version of the manifest's format.
const ManifestVersion = 1

// Manifest lists what is in a package.
type Manifest struct {
	Version   int       `json:"version"`
	Reference string    `json:"reference"`
	Right     string    `json:"right"`
	Regime    string    `json:"regime"`
	Language  string    `json:"language"`
	Received  time.Time `json:"received"`
	Built     time.Time `json:"built"`
	// Rows, RedactedValues and RemovedRows are totals; each row counts once although it is in two files.
	Rows           int64 `json:"rows"`
	RedactedValues int64 `json:"redacted_values"`
	RemovedRows    int64 `json:"removed_rows"`
	OversizeValues int64 `json:"oversize_values"`
	// Files in the order of the ZIP. The manifest itself is not among them.
	Files []File `json:"files"`

	// SHA256 of the manifest as it was written, in hexadecimal; it is what the audit log keeps.
	SHA256 string `json:"-"`
}

// File is one file of the package.
type File struct {
	Name string `json:"name"`
	// Size in bytes, uncompressed.
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	// Media type.
	Type string `json:"type"`
	// System and Collection are set for data files, with the number of rows in the file.
	System     string `json:"system,omitempty"`
	Collection string `json:"collection,omitempty"`
	Rows       *int64 `json:"rows,omitempty"`
}
