package casework

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// TakeUp gives express consent again for what somebody ended without meaning to: those of the choices that were going on until the lines of a batch ended them, and
// about which nothing was said since. What was confirmed then is confirmed again; nothing more is. It tells which: none when the same was asked before. language is that of the page on which
// the person said so, and the words that they agree to are the newest in it.
func (d *Desk) TakeUp(ctx context.Context, l OwnLink, batch uuid.UUID, language string, shows storage.ConsentEvidence) (taken []Choice, err error) {
	return taken, d.asSelf(ctx, l, func(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf) error {
		taken = nil
		lines, err := tx.LinesOfSelf(ctx, self)
		if err != nil {
			return err
		}
		texts, err := tx.NewestConsentTexts(ctx)
		if err != nil {
			return err
		}
		var entries []storage.ConsentEntry
		for _, c := range endedBy(l.Of, lines, batch) {
			before, ended := before(lines, batch, c)
			now, err := self.Standing(c.Purpose, c.Channel)
			if err != nil {
				return err
			}
			went := before.Stands() || before.Withdrawn.IsZero() && c == Choice{l.Purpose, l.Channel}
			if !went || !now.Withdrawn.Equal(ended) {
				continue
			}
			taken = append(taken, c)
			text := TextFor(texts, c.Purpose, language, l.Of.Language)
			entries = append(entries, yes(self, c, idOf(text), !before.Confirmed.IsZero())...)
		}
		for i := range entries {
			complete(tx, l, &entries[i], "page", shows)
		}
		_, err = tx.RecordOwnConsents(ctx, self, entries, d.look(tx))
		return err
	})
}

// endedBy are the choices that a batch may have ended.
func endedBy(t storage.Tenant, lines []storage.ConsentLine, batch uuid.UUID) (out []Choice) {
	for _, line := range lines {
		if line.Batch != batch || line.Event.Kind != consent.Withdrawn {
			continue
		}
		for _, p := range t.Purposes {
			if p.RetiredAt == nil && (line.Purpose == p.Number || line.Purpose == storage.Everything) {
				out = append(out, Choice{p.Number, line.Channel})
			}
		}
	}
	return out
}

// before is what stood for a choice when a batch ended it, and the moment of that.
func before(lines []storage.ConsentLine, batch uuid.UUID, c Choice) (s consent.Standing, ended time.Time) {
	var own, all []consent.Event
	var known time.Time
	for _, line := range lines {
		if line.Batch == batch {
			known = line.Event.Recorded
			if line.Channel == c.Channel && (line.Purpose == c.Purpose || line.Purpose == storage.Everything) {
				ended = line.Event.At
			}
		}
	}
	for _, line := range lines {
		switch {
		case line.Batch == batch || line.Channel != c.Channel:
		case line.Purpose == c.Purpose:
			own = append(own, line.Event)
		case line.Purpose == storage.Everything:
			all = append(all, line.Event)
		}
	}
	return consent.At(own, ended, known).Under(consent.At(all, ended, known)), ended
}

// yes are the lines by which somebody agrees, behind everything that was said before.
func yes(self *storage.ConsentSelf, c Choice, text *uuid.UUID, confirmed bool) []storage.ConsentEntry {
	behind := self.LastAt(c.Purpose, c.Channel)
	if stop := self.LastAt(storage.Everything, c.Channel); stop.After(behind) {
		behind = stop
	}
	if !behind.IsZero() {
		behind = behind.Add(time.Microsecond) // of one moment a withdrawal is the last
	}
	kinds := []consent.Kind{consent.Given}
	if confirmed {
		kinds = append(kinds, consent.Confirmed)
	}
	var out []storage.ConsentEntry
	for _, kind := range kinds {
		out = append(out, storage.ConsentEntry{Purpose: c.Purpose, Channel: c.Channel, Text: text, Event: consent.Event{Kind: kind, At: behind}})
	}
	return out
}

// TextFor finds the words of a purpose for somebody who reads a language: in it, in one like it, in that of the controller, in any; the zero value where there are none.
func TextFor(newest []storage.ConsentText, purpose int32, language, otherwise string) (best storage.ConsentText) {
	rank := 0
	for _, t := range newest {
		if r := fit(t.Language, language, otherwise); t.Purpose == purpose && r > rank {
			rank, best = r, t
		}
	}
	return best
}

// fit says how well words suit somebody: the more the better, and any are better than none.
func fit(words, language, otherwise string) int {
	switch {
	case words == language:
		return 4
	case tongue(words) == tongue(language):
		return 3
	case tongue(words) == tongue(otherwise):
		return 2
	default:
		return 1
	}
}

// tongue is a language without its region.
func tongue(language string) string {
	base, _, _ := strings.Cut(language, "-")
	return base
}

func idOf(t storage.ConsentText) *uuid.UUID {
	if t.ID == uuid.Nil {
		return nil
	}
	return &t.ID
}
