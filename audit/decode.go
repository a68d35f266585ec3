package audit

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ErrEntry says that bytes are not the canonical encoding of an event.
var ErrEntry = errors.New("not a canonical audit entry of version " + EntryVersion)

// entry mirrors the JSON of an event, for reading.
type entry struct {
	Action string `json:"action"`
	Actor  struct {
		ID   string `json:"id"`
		Kind string `json:"kind"`
		Role string `json:"role"`
	} `json:"actor"`
	At       string             `json:"at"`
	Case     string             `json:"case"`
	Evidence string             `json:"evidence"`
	Facts    map[FactKey]string `json:"facts"`
	ID       string             `json:"id"`
	Object   struct {
		ID   string `json:"id"`
		Kind string `json:"kind"`
	} `json:"object"`
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
	Tenant  string `json:"tenant"`
	Version int    `json:"v"`
}

// Decode reads an event back from its canonical bytes, and refuses bytes that Encode wouldn't have written.
func Decode(data []byte) (Event, error) {
	var in entry
	if err := json.Unmarshal(data, &in); err != nil {
		return Event{}, fmt.Errorf("reading an audit entry: %w", ErrEntry)
	}
	event, err := in.event()
	if err != nil {
		return Event{}, fmt.Errorf("reading an audit entry: %w", ErrEntry)
	}
	again, err := Encode(event)
	if err != nil || !bytes.Equal(again, data) {
		return Event{}, fmt.Errorf("reading an audit entry: %w", ErrEntry)
	}
	return event, nil
}

func (in entry) event() (Event, error) {
	at, err := time.Parse(timeLayout, in.At)
	if err != nil {
		return Event{}, err
	}
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return Event{}, err
	}
	event := Event{
		ID: id, TenantID: in.Tenant, At: at, Action: Action(in.Action), CaseID: in.Case,
		Actor:   Actor{Kind: ActorKind(in.Actor.Kind), ID: in.Actor.ID, Role: in.Actor.Role},
		Object:  Object{Kind: in.Object.Kind, ID: in.Object.ID},
		Outcome: Outcome(in.Outcome), Reason: in.Reason,
	}
	if len(in.Facts) > 0 {
		event.Facts = in.Facts
	}
	if in.Evidence != "" {
		if event.Evidence, err = hex.DecodeString(in.Evidence); err != nil {
			return Event{}, err
		}
	}
	return event, nil
}
