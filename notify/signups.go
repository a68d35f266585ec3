package notify

import "time"

// SignUpConfirm asks a mailbox to confirm what somebody has entered into a form with its address (double opt-in). It advertises nothing: whoever gets it may have
// asked for nothing.
type SignUpConfirm struct {
	Frame
	// What are the titles of what was asked for.
	What []string
	// Entered is when; Until is until when Link, which leads to the page to confirm on, can be used.
	Entered, Until time.Time
	Link           string
	// Reminder says that it was asked before.
	Reminder bool
}

// SignUpWelcome says that what was asked for comes from now on, and how to end it.
type SignUpWelcome struct {
	Frame
	What []string
	// Choose leads to the page of what one gets, End to where all of it can be ended.
	Choose, End string
}

// SignUpKnown says that whatever was asked for comes already: the form says nothing of that, so that nobody learns what others get.
type SignUpKnown struct {
	Frame
	// Entered is when the form was sent.
	Entered time.Time
	Choose  string
}

// ExpressRequest asks somebody to agree expressly to what conduct of theirs implies until a day (CASL s.10(1), (3)). It is itself a message that needs consent.
type ExpressRequest struct {
	Frame
	What []string
	// Until is the last day on which it is implied.
	Until time.Time
	// Link leads to the page on which they agree, End to where it can be ended at once.
	Link, End string
}

// Kind of each.
func (s *SignUpConfirm) Kind() Kind {
	if s.Reminder {
		return KindSignUpReminder
	}
	return KindSignUpConfirm
}
func (*SignUpWelcome) Kind() Kind  { return KindSignUpWelcome }
func (*SignUpKnown) Kind() Kind    { return KindSignUpKnown }
func (*ExpressRequest) Kind() Kind { return KindExpressRequest }

// ofNoCase says that they are of none.
func (*SignUpConfirm) ofNoCase()  {}
func (*SignUpWelcome) ofNoCase()  {}
func (*SignUpKnown) ofNoCase()    {}
func (*ExpressRequest) ofNoCase() {}

func (s *SignUpConfirm) whole() error {
	return need(len(s.What) > 0 && s.Link != "" && !s.Entered.IsZero() && !s.Until.IsZero(), "What, Link, Entered and Until")
}

func (s *SignUpWelcome) whole() error {
	return need(len(s.What) > 0 && s.Choose != "" && s.End != "", "What, Choose and End")
}

func (e *ExpressRequest) whole() error {
	return need(len(e.What) > 0 && e.Link != "" && e.End != "" && !e.Until.IsZero(), "What, Link, End and Until")
}

func (s *SignUpKnown) whole() error {
	return need(s.Choose != "" && !s.Entered.IsZero(), "Choose and Entered")
}
