package consent

// Reason is why a message may be sent or may not.
type Reason string

// The reasons. They are stored with what was decided and never renamed.
const (
	// Of a yes.
	ByExpress   Reason = "express"
	ByConfirmed Reason = "confirmed"
	ByImplied   Reason = "implied"           // something happened that is recent enough
	ByInForce   Reason = "relation_in_force" // a contract, a membership
	ByPublished Reason = "published"
	ByDisclosed Reason = "disclosed"
	BySoftOptIn Reason = "soft_opt_in"
	ByOptOut    Reason = "opt_out_model" // the law wants no consent first, and nobody has objected
	ByExemption Reason = "exempt"        // the class of the message needs no consent

	// Of a no.
	Barred         Reason = "barred" // an objection, a restriction or a suppression stands against it
	WasWithdrawn   Reason = "withdrawn"
	Unconfirmed    Reason = "unconfirmed"
	WindowOver     Reason = "window_over"
	NoSolicitation Reason = "no_solicitation"
	NotRelevant    Reason = "not_relevant"
	NotSimilar     Reason = "not_similar"
	NotRefusable   Reason = "not_refusable"
	NoConsent      Reason = "no_consent"
	NoLaw          Reason = "no_law" // no law is given to decide by: nothing is sent
	OnPause        Reason = "paused" // the person wants nothing before a day
)

// Reasons lists them.
func Reasons() []Reason {
	return []Reason{
		ByExpress, ByConfirmed, ByImplied, ByInForce, ByPublished, ByDisclosed, BySoftOptIn, ByOptOut, ByExemption,
		Barred, WasWithdrawn, Unconfirmed, WindowOver, NoSolicitation, NotRelevant, NotSimilar, NotRefusable, NoConsent, NoLaw, OnPause,
	}
}

// Remedy is what would make a no a yes.
type Remedy string

// The remedies.
const (
	EndBar        Remedy = "end_bar"        // the objection or restriction ends, or the person confirms that they want messages
	AskAnew       Remedy = "express"        // the person consents expressly, by themselves: asking them by message is not allowed either
	HaveConfirmed Remedy = "confirm"        // the person confirms from their mailbox
	SayRelevant   Remedy = "relevant"       // a message that concerns their business or role
	SaySimilar    Remedy = "similar"        // a message about the sender's own goods like those that were bought
	RenewRelation Remedy = "renew_relation" // a new purchase or inquiry that is on record
	AwaitEnd      Remedy = "await_end"      // the pause is over, or the person ends it
)

// Remedies lists what would make the answer yes; none for a yes.
func (r Reason) Remedies() []Remedy {
	switch r {
	case Barred:
		return []Remedy{EndBar}
	case OnPause:
		return []Remedy{AwaitEnd}
	case Unconfirmed:
		return []Remedy{HaveConfirmed}
	case WindowOver:
		return []Remedy{AskAnew, RenewRelation}
	case NotRelevant:
		return []Remedy{AskAnew, SayRelevant}
	case NotSimilar:
		return []Remedy{AskAnew, SaySimilar}
	case WasWithdrawn, NoSolicitation, NotRefusable, NoConsent, NoLaw:
		return []Remedy{AskAnew}
	default:
		return nil
	}
}
