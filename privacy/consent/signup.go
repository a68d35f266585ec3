package consent

import (
	"slices"
	"time"
)

// SignUpState is how far a sign-up by a form has come.
type SignUpState string

// The states. They are stored and never renamed.
const (
	SignUpEntered   SignUpState = "entered"   // somebody has sent the form; nobody knows yet whose address it is
	SignUpEnding    SignUpState = "ending"    // nobody has sent one: implied consent ends soon, and the sender wants to ask while it may
	SignUpAsked     SignUpState = "asked"     // a letter asks the mailbox to confirm
	SignUpGiven     SignUpState = "given"     // no law wants it confirmed: what was said counts
	SignUpKnown     SignUpState = "known"     // all of it was agreed to before
	SignUpConfirmed SignUpState = "confirmed" // the mailbox has confirmed
	SignUpExpired   SignUpState = "expired"   // nobody confirmed in time
	SignUpDenied    SignUpState = "denied"    // whoever has the mailbox says that it was not them, or has said so lately
	SignUpHeld      SignUpState = "held"      // the mailbox has had enough letters: nothing is sent
)

// SignUpStates lists them.
func SignUpStates() []SignUpState {
	return []SignUpState{SignUpEntered, SignUpEnding, SignUpAsked, SignUpGiven, SignUpKnown, SignUpConfirmed, SignUpExpired, SignUpDenied, SignUpHeld}
}

// What keeps a form from filling the mailboxes of others: anybody can enter anybody's address.
const (
	// SignUpQuiet is how long after a letter about sign-ups a mailbox gets no other one that an entry in a form brings.
	SignUpQuiet = 10 * time.Minute
	// SignUpLetters are the most letters that ask to confirm one sign-up, the reminder among them.
	SignUpLetters = 3
	// MailboxLetters are the most letters about sign-ups that a mailbox gets within MailboxSpan, whatever is entered.
	MailboxLetters = 6
	MailboxSpan    = 30 * 24 * time.Hour
	// KnownEvery is how long a mailbox is not told again that it gets everything already.
	KnownEvery = 7 * 24 * time.Hour
	// DeniedFor is how long a mailbox gets no letters about sign-ups after its owner said that it was not them.
	DeniedFor = 180 * 24 * time.Hour
)

// PastSignUp is an earlier sign-up of the same mailbox.
type PastSignUp struct {
	State SignUpState
	// At is when it was entered, Ended when it came to its end; zero while it waits.
	At, Ended time.Time
	Purposes  []int32
	// Letters are how many were sent about it, the last of them at LetterAt.
	Letters  int
	LetterAt time.Time
	// Offered says that the sender asked of its own accord: it is no entry in a form, and a no to it says nothing about forms.
	Offered bool
}

// SignUp is one that has come in, with what is known of its mailbox.
type SignUp struct {
	At time.Time
	// Missing are the purposes it is for that are not agreed to yet.
	Missing []int32
	// Confirm says that a law wants the mailbox to confirm any of them, or that its owner has ended any before: what somebody ended, nobody else takes up again.
	Confirm bool
	// Past are the earlier ones of the mailbox; those that ended more than DeniedFor ago may be left out.
	Past []PastSignUp
}

// Arrival is what comes of a sign-up.
type Arrival struct {
	State SignUpState
	// Joins is the place among the earlier ones of the one that it is a repetition of; -1 for one of its own.
	Joins int
	// Letter says that a letter goes out: the one of the state.
	Letter bool
	// Wait is how long the letter has to wait that would go out now, had the mailbox not just got another.
	Wait time.Duration
}

// Arrives decides what comes of a sign-up. To whoever sent the form the answer is always the same: what this says, only the mailbox hears.
func (s SignUp) Arrives() Arrival {
	out := Arrival{State: SignUpAsked, Joins: -1}
	full := s.letters() >= MailboxLetters
	join := func(state SignUpState, fits func(PastSignUp) bool) {
		out.State = state
		for i, p := range s.Past {
			if p.State == state && fits(p) {
				out.Joins = i
			}
		}
	}
	switch {
	case len(s.Missing) == 0:
		join(SignUpKnown, func(p PastSignUp) bool { return s.At.Sub(p.At) < KnownEvery || s.At.Sub(p.LetterAt) < KnownEvery })
		told := out.Joins >= 0 && s.Past[out.Joins].Letters > 0
		out.Letter = !told && !full && s.Wait() == 0
	case s.denied():
		join(SignUpDenied, func(p PastSignUp) bool { return p.Letters == 0 })
	case !s.Confirm:
		out.State, out.Letter = SignUpGiven, !full
	default:
		join(SignUpAsked, s.asksAll)
		if out.Joins >= 0 {
			p := s.Past[out.Joins]
			out.Letter = !full && p.Letters < SignUpLetters && s.Wait() == 0
			return out
		}
		out.Wait = s.Wait()
		if out.Letter = !full && out.Wait == 0; full {
			out.Wait = 0
			join(SignUpHeld, func(p PastSignUp) bool { return s.At.Sub(p.At) < MailboxSpan })
		}
	}
	return out
}

// Wait is how long the mailbox gets no letter for now, because it has just got one.
func (s SignUp) Wait() (left time.Duration) {
	for _, p := range s.Past {
		if p.Letters > 0 {
			left = max(left, SignUpQuiet-s.At.Sub(p.LetterAt))
		}
	}
	return left
}

// asksAll says whether one that waits asks for all that this one is for.
func (s SignUp) asksAll(p PastSignUp) bool {
	return !p.Offered && !slices.ContainsFunc(s.Missing, func(purpose int32) bool { return !slices.Contains(p.Purposes, purpose) })
}

// denied says whether the owner of the mailbox has said lately that it was not them.
func (s SignUp) denied() bool {
	return slices.ContainsFunc(s.Past, func(p PastSignUp) bool {
		return p.State == SignUpDenied && !p.Offered && p.Letters > 0 && s.At.Sub(p.Ended) < DeniedFor
	})
}

// letters are at most how many the mailbox got within the span.
func (s SignUp) letters() (n int) {
	for _, p := range s.Past {
		if s.At.Sub(p.LetterAt) < MailboxSpan {
			n += p.Letters
		}
	}
	return n
}

// MayAsk says whether a mailbox may be asked now by whatever is not an entry of this moment: not while it has had enough letters, nor where its owner has said
// lately that it was not them.
func MayAsk(now time.Time, past []PastSignUp) bool {
	s := SignUp{At: now, Past: past}
	return s.letters() < MailboxLetters && !s.denied()
}

// MayRemind says whether a mailbox that was asked may be reminded, once; others are the other sign-ups of the mailbox.
func (p PastSignUp) MayRemind(now time.Time, others []PastSignUp) bool {
	return p.State == SignUpAsked && p.Letters < SignUpLetters && MayAsk(now, append([]PastSignUp{p}, others...))
}
