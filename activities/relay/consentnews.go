package relay

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify/webhook"
	"github.com/privacy-docket/docket/storage"
)

const (
	// changesTold is how many changes of consents are told together: an import writes thousands at once.
	changesTold = 100
	// changesAtOnce is after how many of them a look ends: the next goes on behind them.
	changesAtOnce = 10_000
)

// changedConsent is a line of the ledger as webhooks hear of it. The person is an id that means nothing outside the ledger.
type changedConsent struct {
	ID       uuid.UUID `json:"id"`
	Person   uuid.UUID `json:"person"`
	Purpose  string    `json:"purpose"`
	Channel  string    `json:"channel"`
	Kind     string    `json:"kind"`
	Relation string    `json:"relation,omitempty"`
	At       time.Time `json:"at"`
	Recorded time.Time `json:"recorded_at"`
	How      string    `json:"how"`
}

// changedConsents are changes that were written together.
type changedConsents struct {
	Batch   uuid.UUID        `json:"batch"`
	Changes []changedConsent `json:"changes"`
}

// deliverChanges has a webhook that asks for them told of the changes of consents that an event of the log stands for, and says how many they are.
func deliverChanges(ctx context.Context, tx *storage.Tx, hook storage.Behind, event audit.Event) (int, error) {
	if event.Action != audit.ConsentRecorded || !slices.Contains(hook.Actions, webhook.ConsentChanged) {
		return 0, nil
	}
	lines, err := tx.ConsentLinesOfBatch(ctx, event.ID)
	if err != nil {
		return 0, err
	}
	keys := casework.PurposeKeys(tx.Tenant())
	for some := range slices.Chunk(lines, changesTold) {
		told := changedConsents{Batch: event.ID}
		for _, l := range some {
			c := changedConsent{ID: l.ID, Person: l.PersonID, Purpose: keys[l.Purpose], Channel: l.Channel, Kind: l.Kind, At: l.At, Recorded: l.RecordedAt, How: l.How}
			if l.Relation != nil {
				c.Relation = *l.Relation
			}
			told.Changes = append(told.Changes, c)
		}
		if err := deliverChange(ctx, tx, hook.ID, event.At, told); err != nil {
			return 0, err
		}
	}
	return len(lines), nil
}

// deliverChange queues changes under the id of the first: they are delivered once.
func deliverChange(ctx context.Context, tx *storage.Tx, hook uuid.UUID, at time.Time, told changedConsents) error {
	data, err := json.Marshal(told)
	if err != nil {
		return fmt.Errorf("write changes of consents: %w", err)
	}
	body, err := json.Marshal(webhook.Event{Type: webhook.ConsentChanged, Timestamp: at, Data: data})
	if err != nil {
		return fmt.Errorf("write the event: %w", err)
	}
	return tx.Deliver(ctx, storage.News{Webhook: hook, Event: told.Changes[0].ID, Action: webhook.ConsentChanged, Body: body})
}
