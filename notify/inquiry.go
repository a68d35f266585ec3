package notify

import (
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Inquiry asks a processor, or another recipient of data, to do something for a person's request (Art. 19 and 28(3)(e) GDPR). It names no person:
// who it is about stands behind the link.
type Inquiry struct {
	Frame
	Purpose privacy.InquiryPurpose
	// Link leads to the page on which it is answered.
	Link     string
	AnswerBy time.Time
	// Reminder says that it was asked before.
	Reminder bool
}

// InquiryClosed says that no answer is needed any more.
type InquiryClosed struct {
	Frame
	Asked time.Time
}

// InquiryStuck tells the staff that whoever was asked has not answered as they should.
type InquiryStuck struct {
	Notice
	Addressee, Problem string
	At                 time.Time
}

// Kind of each.
func (i *Inquiry) Kind() Kind {
	if i.Reminder {
		return KindInquiryReminder
	}
	return KindInquiry
}
func (*InquiryClosed) Kind() Kind { return KindInquiryClosed }
func (*InquiryStuck) Kind() Kind  { return KindInquiryStuck }

func (i *Inquiry) whole() error {
	return need(i.Purpose != "" && i.Link != "" && !i.AnswerBy.IsZero(), "Purpose, Link and AnswerBy")
}

func (i *InquiryClosed) whole() error { return need(!i.Asked.IsZero(), "Asked") }
