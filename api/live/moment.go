package live

import (
	"time"

	"github.com/google/uuid"
)

// The ids of events are of version 7: their first six bytes are the milliseconds in which they were made, by the clock of the
// machine that made them. Places among events are reckoned in these, and by no other clock.

// millis is when an id was made.
func millis(id uuid.UUID) (at uint64) {
	for _, b := range id[:6] {
		at = at<<8 | uint64(b)
	}
	return at
}

// firstID is before all ids of a moment.
func firstID(at uint64) (id uuid.UUID) {
	for i := range 6 {
		id[i] = byte(at >> (8 * (5 - i)))
	}
	return id
}

// now is the moment of an id that is made now.
func now() uint64 { return millis(uuid.Must(uuid.NewV7())) }

func earlier(at uint64, by time.Duration) uint64 {
	back := uint64(by.Milliseconds())
	return at - min(at, back)
}
