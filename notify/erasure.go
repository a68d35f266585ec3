package notify

import (
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// ErasureScheduled tells that the data will be erased, and until when the person can take the request back.
type ErasureScheduled struct {
	Frame
	On         time.Time
	StatusLink string
}

// ErasureUnderWay tells the person how far an erasure has come that takes longer than a day.
type ErasureUnderWay struct {
	Frame
	Begun time.Time
	// Done and Open name the areas by how far they are; Elsewhere those where others have been asked and have not answered.
	Done, Open, Elsewhere []string
	// Answered are those where others have said that not all of it is erased.
	Answered   []Elsewhere
	StatusLink string
}

// Erased tells what was erased, and what is kept under which law until when (Art. 17(3) and 12(4) GDPR).
type Erased struct {
	Frame
	On time.Time
	// Erased names the areas in which data was erased; none when nothing was held.
	Erased []string
	Kept   []Kept
	// Elsewhere is where others were asked to erase, and have not said that all of it is.
	Elsewhere []Elsewhere
	Remedy    Remedy
}

// Kept is data that stays.
type Kept struct {
	// Where names the area: "Web shop".
	Where string
	// Ground is legal_duty, legal_claims, security, legal_hold, recourse, decision, suppression_list or KeptImpossible.
	Ground   string
	Citation string
	// Until is the last day of the longest duty; zero when nobody can say.
	Until time.Time
}

// KeptImpossible is the ground of what can't be erased for a technical reason.
const KeptImpossible = "impossible"

// Elsewhere is an area in which somebody else was asked to erase.
type Elsewhere struct {
	// Where names the area: "Printing house".
	Where string
	// Said is their answer; none when there is none yet.
	Said privacy.InquiryOutcome
	// Ended says that nobody asks for the answer any more.
	Ended bool
}

// Key is that of the words for it.
func (e Elsewhere) Key() string {
	switch {
	case e.Said != "":
		return string(e.Said)
	case e.Ended:
		return "ended"
	default:
		return "unanswered"
	}
}

// ErasureAnswered tells the person what somebody who was asked to erase said after the request was answered (Art. 12(1) and (4) GDPR).
type ErasureAnswered struct {
	Frame
	News   []Elsewhere
	Remedy Remedy
}

// Left says that something is not erased.
func (e *ErasureAnswered) Left() bool {
	return slices.ContainsFunc(e.News, func(n Elsewhere) bool { return !n.Said.Settled() })
}

// Later says whether some of what is kept has an end, at which it is erased by itself.
func (e *Erased) Later() bool {
	for _, k := range e.Kept {
		if !k.Until.IsZero() {
			return true
		}
	}
	return false
}

// ErasureFailed tells the staff that a system could not be erased in.
type ErasureFailed struct {
	Notice
	System  string
	Problem string
	At      time.Time
}

// RecipientsToTell asks the staff to tell recipients that data was erased whose time was over, in the name of a request that is forgotten by now.
type RecipientsToTell struct {
	Notice
	Recipients []string
	At         time.Time
}

// Names are the recipients in a line.
func (r *RecipientsToTell) Names() string { return strings.Join(r.Recipients, ", ") }

// Kind of each.
func (*RecipientsToTell) Kind() Kind { return KindRecipientsToTell }
func (*ErasureScheduled) Kind() Kind { return KindErasureScheduled }
func (*ErasureUnderWay) Kind() Kind  { return KindErasureUnderWay }
func (*Erased) Kind() Kind           { return KindErased }
func (*ErasureAnswered) Kind() Kind  { return KindErasureAnswered }
func (*ErasureFailed) Kind() Kind    { return KindErasureFailed }

func (r *RecipientsToTell) whole() error {
	return need(len(r.Recipients) > 0 && !r.At.IsZero(), "Recipients and At")
}

func (e *ErasureScheduled) whole() error {
	return need(!e.On.IsZero() && e.StatusLink != "", "On and StatusLink")
}

func (e *ErasureUnderWay) whole() error {
	return need(!e.Begun.IsZero() && e.StatusLink != "", "Begun and StatusLink")
}

func (e *Erased) whole() error { return need(!e.On.IsZero(), "On") }

func (e *ErasureAnswered) whole() error { return need(len(e.News) > 0, "News") }

// kept are the grounds for keeping as sentences, each with its own words.
func (w *writer) kept(all []Kept) ([]string, error) {
	return sentences(w, all, func(k Kept) string { return "kept." + k.Ground })
}

// elsewhere are the answers of others as sentences.
func (w *writer) elsewhere(all []Elsewhere) ([]string, error) {
	return sentences(w, all, func(e Elsewhere) string { return "elsewhere." + e.Key() })
}

// sentences puts each of them into the words with its key.
func sentences[T any](w *writer, all []T, key func(T) string) ([]string, error) {
	out := make([]string, 0, len(all))
	for _, one := range all {
		var text strings.Builder
		if err := w.set.ExecuteTemplate(&text, "word/"+key(one), one); err != nil {
			return nil, withoutValues(err)
		}
		out = append(out, tidy(text.String()))
	}
	return out, nil
}
