package notify

import (
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Sample is whose letters are shown, and where their links lead, when there is no case that they belong to.
type Sample struct {
	Frame  Frame
	Remedy Remedy
	// Law is the name of the law in notices.
	Law string
	// Status, Download, Console and Access are addresses; Access is where an invitation leads to.
	Status, Download, Console, Access string
	// AckToken gives notices the button to take an escalation over.
	AckToken string
}

// sampleDay is a day of the case that samples tell of, which was received on 3 February 2026.
func sampleDay(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 9, 30, 0, 0, time.UTC)
}

// Letters gives one complete letter and notice of every kind.
func (s Sample) Letters() map[Kind]Letter {
	about := func(right privacy.Right) Frame {
		f := s.Frame
		f.Right = right
		return f
	}
	out := s.notices()
	for _, l := range []Letter{
		&Acknowledgement{Frame: s.Frame, Received: sampleDay(2, 3), AnswerBy: sampleDay(3, 3), StatusLink: s.Status, Verify: true},
		&OneTimeCode{Frame: s.Frame, Code: "482 913", Minutes: 10, Link: s.Status},
		&IdentityReminder{Frame: s.Frame, Link: s.Status, CloseOn: sampleDay(2, 17)},
		&IdentityClosed{Frame: s.Frame, Received: sampleDay(2, 3), Remedy: s.Remedy},
		&Clarification{Frame: s.Frame, Question: "Which orders do you mean?\nThose in the shop, or those by phone?", Systems: []string{"Shop", "CRM"}, PeriodAsked: true, Link: s.Status, AnswerBy: sampleDay(3, 3)},
		&Extension{Frame: s.Frame, OldDate: sampleDay(3, 3), NewDate: sampleDay(5, 4), Reasons: []ExtensionReason{Complexity, NumberOfRequests}, Remedy: s.Remedy},
		&Refusal{Frame: s.Frame, Received: sampleDay(2, 3), Reason: privacy.ManifestlyExcessive, Explanation: "You made the same request on 20 January.", Remedy: s.Remedy},
		&Withdrawn{Frame: s.Frame, On: sampleDay(2, 10), Erased: []string{"Web shop"}},
		&Cancelled{Frame: s.Frame, On: sampleDay(2, 10), Remedy: s.Remedy},
		&PackageReady{Frame: s.Frame, Link: s.Download, Expires: sampleDay(3, 1)},
		&DownloadCode{Frame: s.Frame, Code: "170 558", Minutes: 10},
		&PackageResent{Frame: s.Frame, Link: s.Download, Expires: sampleDay(3, 1)},
		&PackageExpired{Frame: s.Frame, On: sampleDay(3, 1), Downloaded: true},
		&Reopened{Frame: s.Frame, On: sampleDay(3, 20), AnswerBy: sampleDay(4, 1), StatusLink: s.Status},
		&DuplicateLinked{Frame: s.Frame, Open: "DSR-2026-0039", AnswerBy: sampleDay(3, 3), StatusLink: s.Status},
		&MessageWaiting{Frame: s.Frame, Link: s.Status},
		&MessageCode{Frame: s.Frame, Code: "604 219", Minutes: 10},
		&ErasureScheduled{Frame: about(privacy.Erasure), On: sampleDay(2, 17), StatusLink: s.Status},
		&ErasureUnderWay{
			Frame: about(privacy.Erasure), Begun: sampleDay(2, 17), Done: []string{"Web shop", "Customer relations"}, Open: []string{"Help desk"}, Elsewhere: []string{"Printing house"},
			Answered:   []Elsewhere{{Where: "Parcel service", Said: privacy.InquiryRefused}},
			StatusLink: s.Status,
		},
		s.erased(about(privacy.Erasure)),
		&ErasureAnswered{Frame: about(privacy.Erasure), Remedy: s.Remedy, News: []Elsewhere{
			{Where: "Mailings", Said: privacy.InquiryDone}, {Where: "Help desk", Said: privacy.InquiryNothing}, {Where: "Printing house", Said: privacy.InquiryPartly},
			{Where: "Parcel service", Said: privacy.InquiryRefused}, {Where: "Card maker", Ended: true},
		}},
		&Limited{Frame: about(privacy.Restriction), On: sampleDay(2, 18), Limits: []privacy.LimitKind{privacy.LimitRestriction, privacy.LimitMarketing}},
		&LimitEnds{Frame: about(privacy.Restriction), On: sampleDay(2, 21), Limit: privacy.LimitRestriction, Reason: "ground_gone", Remedy: s.Remedy},
		&AppealReceived{Frame: s.Frame, Received: sampleDay(3, 10), AnswerBy: sampleDay(4, 24)},
		&AppealDecided{Frame: s.Frame, Received: sampleDay(3, 10), Explanation: "We looked at your orders again.\nThere is nothing older than 2020.", Remedy: s.Remedy},
		&DecisionReviewed{
			Frame: about(privacy.AutomatedDecision), On: sampleDay(2, 18), Outcome: privacy.ReviewChanged, Reviewer: "dpo", AppealLink: s.Status, Remedy: s.Remedy,
			Reasons: "Your income of last year was read as that of a month.\nWith the right one the credit is granted.",
		},
		&Transmitted{
			Frame: about(privacy.Portability), On: sampleDay(2, 18), Receiver: "Seabird Bicycles", Reason: "not_feasible", Link: s.Status, Remedy: s.Remedy,
			Explanation: "Seabird Bicycles has no way in for such files yet.",
		},
		&CorrectYourself{Frame: about(privacy.Rectification), Link: s.Status},
		&Corrected{
			Frame: about(privacy.Rectification), On: sampleDay(2, 18), Done: []CorrectedField{{System: "Web shop", Field: "first_name"}, {System: "Customer relations", Field: "name"}},
			Refused: []CorrectedField{{System: "Web shop", Field: "date_of_birth", Reason: privacy.DataAccurate}}, StatementLink: s.Status, Remedy: s.Remedy,
		},
	} {
		out[l.Kind()] = l
	}
	for _, l := range s.toOthers() {
		out[l.Kind()] = l
	}
	return out
}

// toOthers are letters to others than the person of a case: those who hold data, and whoever has a mailbox that somebody has entered. In these nothing of a case
// stands: they may have asked for nothing.
func (s Sample) toOthers() []Letter {
	outside := s.Frame
	outside.Name, outside.Outside = "", true
	stranger := outside
	stranger.Reference, stranger.Right, stranger.Regime = "", "", ""
	return []Letter{
		&Inquiry{Frame: outside, Purpose: privacy.InquireErase, Link: s.Status, AnswerBy: sampleDay(2, 24)},
		&Inquiry{Frame: outside, Purpose: privacy.InquireCopy, Link: s.Status, AnswerBy: sampleDay(2, 24), Reminder: true},
		&InquiryClosed{Frame: outside, Asked: sampleDay(2, 10)},
		&SignUpConfirm{Frame: stranger, What: []string{"News from the harbour", "Offers for members"}, Entered: sampleDay(2, 3), Until: sampleDay(2, 10), Link: s.Status},
		&SignUpConfirm{Frame: stranger, What: []string{"News from the harbour"}, Entered: sampleDay(2, 3), Until: sampleDay(2, 10), Link: s.Status, Reminder: true},
		&SignUpWelcome{Frame: stranger, What: []string{"News from the harbour"}, Choose: s.Status, End: s.Download},
		&ExpressRequest{Frame: stranger, What: []string{"News from the harbour"}, Until: sampleDay(3, 3), Link: s.Status, End: s.Download},
		&SignUpKnown{Frame: stranger, Entered: sampleDay(2, 3), Choose: s.Status},
	}
}

// erased has every ground on which data stays.
func (s Sample) erased(frame Frame) *Erased {
	return &Erased{Frame: frame, On: sampleDay(2, 18), Erased: []string{"Web shop", "Customer relations"}, Remedy: s.Remedy, Kept: []Kept{
		{Where: "Web shop", Ground: "legal_duty", Citation: "AO 147(3), HGB 257(4)", Until: time.Date(2033, time.December, 31, 12, 0, 0, 0, time.UTC)},
		{Where: "Orders by phone", Ground: "legal_claims", Citation: "BGB 195, 199", Until: time.Date(2029, time.December, 31, 12, 0, 0, 0, time.UTC)},
		{Where: "Customer relations", Ground: "legal_hold", Citation: "Art. 17(3)(e) GDPR"},
		{Where: "Help desk", Ground: "recourse", Citation: "PIPEDA ss.8(8), 11(3)", Until: time.Date(2026, time.October, 1, 12, 0, 0, 0, time.UTC)},
		{Where: "Sign-up", Ground: "security", Citation: "GDPR Art 17(1)(c), 21(1), recital 47", Until: time.Date(2028, time.March, 4, 12, 0, 0, 0, time.UTC)},
		{Where: "Complaints", Ground: "decision", Citation: "Art. 17(3)(e) GDPR"},
		{Where: "Newsletter", Ground: "suppression_list", Citation: "Art. 21(3) GDPR"},
	}, Elsewhere: []Elsewhere{
		{Where: "Printing house", Said: privacy.InquiryPartly}, {Where: "Parcel service", Said: privacy.InquiryRefused}, {Where: "Mailings"},
	}}
}

func (s Sample) notices() map[Kind]Letter {
	n := Notice{
		Tenant: s.Frame.Controller.Name, Reference: s.Frame.Reference, Right: s.Frame.Right, Regime: s.Law,
		Link: s.Console, Zone: s.Frame.Controller.Zone, AckToken: s.AckToken,
	}
	owed, cite, due, now := "Answer the person", "Art. 12(3) GDPR", sampleDay(3, 3), sampleDay(2, 28)
	out := map[Kind]Letter{}
	access := Access{Tenant: n.Tenant, Link: s.Access, Expires: due, Zone: n.Zone}
	for _, l := range []Letter{
		&Invitation{Access: access}, &Reset{Access: access},
		&ConsentsEnding{
			Tenant: n.Tenant, Lines: []string{"newsletter: 12 ended yesterday", "newsletter: 120 end within 7 days"}, Total: 132, Link: s.Console, Zone: n.Zone,
		},
		&HandoverUnconfirmed{
			Tenant: n.Tenant, Receiver: "Mailings", Day: "2026-02-26", Withdrawals: 14, Left: 3, Due: due, Over: true, Citation: "15 USC 7704(a)(4)(A)", Problem: "webhook: post failed (temporary), code 503",
			Link: s.Console, Zone: n.Zone,
		},
		&Digest{
			Tenant: n.Tenant, Headline: "1 overdue, 2 due soon, 3 to do", Overdue: []string{"AR-7KQ2-M9XD: Answer the person, overdue by 2 days"},
			Soon: []string{"AR-Y3GP-VVA9: Answer the person, in 1 day 4 h", "PR-2VGA-QQ7B: Confirm receipt to the person, in 2 days"}, Tasks: 3, Link: s.Console, Zone: n.Zone,
		},
		&TaskCreated{Notice: n, Task: "Review the collected data", Due: due},
		&TaskReminder{Notice: n, Task: "Review the collected data", Due: due, Now: now},
		&DueSoon{Notice: n, Obligation: owed, Due: due, Now: now, Citation: cite},
		&Overdue{Notice: n, Obligation: owed, Due: due, Now: sampleDay(3, 5), Citation: cite},
		&Escalation{Notice: n, Obligation: owed, Due: due, Now: now, Citation: cite, Step: 2, Role: "data protection officer", Before: "team lead"},
		&Acknowledged{Notice: n, Obligation: owed, By: "M. Okafor", At: now},
		&MessageFailed{Notice: n, Letter: KindExtension, Channel: ChannelEmail, Code: "550 5.1.1", At: now},
		&CollectionFailed{Notice: n, System: "shop", Problem: "connection refused", At: now},
		&ErasureFailed{Notice: n, System: "shop", Problem: "connection refused", At: now},
		&RecipientsToTell{Notice: n, Recipients: []string{"Parcels Ltd", "Partner AG"}, At: now},
		&InquiryStuck{Notice: n, Addressee: "Printing House", Problem: "there is no answer; it was due on 24 February 2026", At: now},
		&AmendmentFailed{Notice: n, System: "shop", Problem: "connection refused", At: now},
	} {
		out[l.Kind()] = l
	}
	return out
}
