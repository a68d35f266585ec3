package audit

import (
	"bytes"
	"fmt"
	"time"
)

// timeSpan follows the earliest and latest time of entries. It reads the bytes rather than the JSON: the encoding is
// canonical, and a million entries would otherwise take many times as long as their hashes.
type timeSpan struct{ first, last string }

const atMember = `,"at":"`

func (t *timeSpan) add(entry []byte, end string) error {
	at := bytes.Index(entry, []byte(atMember)) + len(atMember)
	if at < len(atMember) || len(entry) < at+len(timeLayout) || !bytes.HasSuffix(entry, []byte(end)) {
		return fmt.Errorf("it is no event of this tenant's log in version %s: %w", EntryVersion, ErrLog)
	}
	moment := entry[at : at+len(timeLayout)]
	if t.first == "" || string(moment) < t.first {
		t.first = string(moment)
	}
	if string(moment) > t.last {
		t.last = string(moment)
	}
	return nil
}

func (t *timeSpan) times() (first, last time.Time, err error) {
	if t.first == "" {
		return first, last, nil
	}
	if first, err = time.Parse(timeLayout, t.first); err != nil {
		return first, last, fmt.Errorf("an entry's time is malformed: %w", ErrLog)
	}
	if last, err = time.Parse(timeLayout, t.last); err != nil {
		return first, last, fmt.Errorf("an entry's time is malformed: %w", ErrLog)
	}
	return first, last, nil
}
