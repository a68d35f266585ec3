package audit

import (
	"context"
	"fmt"
)

// Row is an event as storage keeps it. Entry is the canonical encoding and must be stored byte for byte (bytea, not
// jsonb); the event's fields are for columns to search by. The leaf index stays empty until the row is sequenced.
type Row struct {
	Event
	Entry []byte
}

// Inserter is a storage transaction: the one that also makes the change that the event tells about.
type Inserter interface {
	// InsertAuditEvent stores one row, unsequenced. Any error must make the transaction fail.
	InsertAuditEvent(ctx context.Context, row Row) error
}

// Append records an event in the transaction of its change. When it fails, the change must not happen.
func Append(ctx context.Context, tx Inserter, event Event) error {
	event, err := event.normal()
	if err != nil {
		return fmt.Errorf("recording %s: %w", event.Action, err)
	}
	entry, err := Encode(event)
	if err != nil {
		return fmt.Errorf("recording an audit event: %w", err)
	}
	if err := tx.InsertAuditEvent(ctx, Row{Event: event, Entry: entry}); err != nil {
		return fmt.Errorf("recording %s: %w", event.Action, err)
	}
	return nil
}
