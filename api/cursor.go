package api

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// indexCursor keeps the marks on cursors apart from every blind index.
const indexCursor seal.IndexKind = "cursor"

// markLength is how much of the keyed hash a cursor carries.
const markLength = 16

// place is what a cursor says: where the next page begins.
type place struct {
	List string    `json:"l"`
	At   time.Time `json:"t"`
	ID   uuid.UUID `json:"i"`
}

// nextCursor makes the cursor behind the last row of a page, or "" when the page was not full. It is marked with the tenant's
// key, so only cursors that were given out come back, and only to their list.
func nextCursor[T any](who *caller, list string, limit int32, rows []T, placed func(T) (time.Time, uuid.UUID)) (string, error) {
	if len(rows) == 0 || len(rows) < int(limit) {
		return "", nil
	}
	at, id := placed(rows[len(rows)-1])
	text, err := json.Marshal(place{List: list, At: at.UTC(), ID: id})
	if err != nil {
		return "", fmt.Errorf("write the cursor: %w", err)
	}
	mark, err := cursorMark(who, text)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(mark, text...)), nil
}

func cursorMark(who *caller, text []byte) ([]byte, error) {
	mark, err := who.tenant.Keys.BlindIndex(indexCursor, string(text))
	if err != nil {
		return nil, fmt.Errorf("mark the cursor: %w", err)
	}
	return mark[:markLength], nil
}

// readCursor gives the position a cursor stands for; nil for none.
func readCursor(who *caller, list, cursor string) (*storage.Position, error) {
	if cursor == "" {
		return nil, nil //nolint:nilnil // no cursor is no position: the list begins at its beginning
	}
	wrong := invalid("query.cursor", "the cursor is none that this list gave out; begin again without one")
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) <= markLength {
		return nil, wrong
	}
	mark, err := cursorMark(who, raw[markLength:])
	if err != nil {
		return nil, err
	}
	var p place
	if !hmac.Equal(mark, raw[:markLength]) || json.Unmarshal(raw[markLength:], &p) != nil || p.List != list {
		return nil, wrong
	}
	return &storage.Position{At: p.At, ID: p.ID}, nil
}

// Paging is what every list takes.
type Paging struct {
	Cursor string `query:"cursor" doc:"The next_cursor of the page before." maxLength:"400"`
	Limit  int32  `query:"limit" doc:"How many at most." minimum:"1" maximum:"200" default:"50"`
}
