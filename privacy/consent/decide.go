package consent

import (
	"github.com/privacy-docket/docket/privacy"
)

// Class is what kind of message is to be sent.
type Class string

// The classes.
const (
	Commercial    Class = "commercial"
	Transactional Class = "transactional" // facts about what the person has bought or asked for, and no advertising beside them
	AskingConsent Class = "asking_consent"
	Charitable    Class = "charitable" // furthers a charity's purposes
)

// Ask is the message of which somebody wants to know whether it may be sent.
type Ask struct {
	// Day is the day of sending.
	Day   privacy.Date
	Class Class
	// Similar says that it is about the sender's own goods or services like those that were bought.
	Similar bool
	// Relevant says that it concerns the person's business or official role.
	Relevant bool
}

// Reason is why a message may be sent or may not.
type Reason string

// The reasons. They are stored with what was decided and never renamed.
const (
	// Of a yes.
	ByExpress    Reason = "express"
	ByConfirmed  Reason = "confirmed"
	ByImplied    Reason = "implied"
	ByInForce    Reason = "relation_in_force"
	ByPublished  Reason = "published"
	BySoftOptIn  Reason = "soft_opt_in"
	ByOptOut     Reason = "opt_out_model" // the law wants no consent first, and nobody has objected
	ByExemption  Reason = "exempt"        // the class of the message needs no consent
	ByNoLaw      Reason = "no_law"        // no law of ours says anything
	NotWithdrawn Reason = ""

	// Of a no.
	Barred         Reason = "barred" // a suppression, an objection or a restriction stands against it
	WasWithdrawn   Reason = "withdrawn"
	Unconfirmed    Reason = "unconfirmed"
	WindowOver     Reason = "window_over"
	NoSolicitation Reason = "no_solicitation"
	NotRelevant    Reason = "not_relevant"
	NotSimilar     Reason = "not_similar"
	NotRefusable   Reason = "not_refusable"
	NoConsent      Reason = "no_consent"
)
