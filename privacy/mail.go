package privacy

import (
	"fmt"
	"regexp"
	"slices"
)

// MailClass is what a message is for. It decides what the message owes.
type MailClass string

// The classes of messages.
const (
	// CommercialMail advertises, or has another commercial purpose (CAN-SPAM 15 USC 7702(2), CASL s.1(2), Directive 2002/58/EC Art 13).
	CommercialMail MailClass = "commercial"
	// TransactionalMail carries out or confirms what its recipient has agreed to (15 USC 7702(17), CASL s.6(6)).
	TransactionalMail MailClass = "transactional"
	// AskingConsentMail asks whether commercial messages may be sent. CASL s.1(3) takes it for a commercial one.
	AskingConsentMail MailClass = "asking_consent"
)

// MailClasses lists the classes.
func MailClasses() []MailClass {
	return []MailClass{CommercialMail, TransactionalMail, AskingConsentMail}
}

// Valid reports whether c is one of the classes.
func (c MailClass) Valid() bool { return slices.Contains(MailClasses(), c) }

// MailSeverity says how bad a finding about a message is.
type MailSeverity string

// The severities, from worst to least.
const (
	MailError   MailSeverity = "error"   // a law or a rule of a provider is broken
	MailWarning MailSeverity = "warning" // likely, or it cannot be told for sure
	MailNote    MailSeverity = "note"    // worth knowing
)

// MailSeverities lists the severities, worst first.
func MailSeverities() []MailSeverity { return []MailSeverity{MailError, MailWarning, MailNote} }

// Valid reports whether s is one of the severities.
func (s MailSeverity) Valid() bool { return slices.Contains(MailSeverities(), s) }

// Worse reports whether s is worse than other.
func (s MailSeverity) Worse(other MailSeverity) bool {
	return slices.Index(MailSeverities(), s) < slices.Index(MailSeverities(), other)
}

// MailLaw is a law, or the rules of mailbox providers, and whom it reaches.
type MailLaw struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Jurisdiction string   `json:"jurisdiction"`
	Countries    []string `json:"countries,omitempty"`  // of recipients, ISO 3166-1 alpha-2; none: it reaches everybody
	OnlyNamed    bool     `json:"only_named,omitempty"` // it counts only when one of its countries is named
	Citation     Citation `json:"citation"`
	Notes        []string `json:"notes,omitempty"`
}

// Reaches reports whether the law reaches recipients in one of the countries; none named means everywhere.
func (l MailLaw) Reaches(countries []string) bool {
	if len(l.Countries) == 0 {
		return true
	}
	if len(countries) == 0 {
		return !l.OnlyNamed
	}
	return slices.ContainsFunc(countries, func(c string) bool { return slices.Contains(l.Countries, c) })
}

// MailGround is one law on which a rule rests.
type MailGround struct {
	Law       string       `json:"law"`
	Severity  MailSeverity `json:"severity"`
	Classes   []MailClass  `json:"classes,omitempty"`    // none: those of the rule
	OnlyNamed bool         `json:"only_named,omitempty"` // said only when one of the law's countries is named
	Citation  Citation     `json:"citation"`
}

// MailRule is what a message is held to: what is wrong, what to do, and by which laws. A rule without a ground that reaches the
// recipients is not looked at, so that nothing is found without a citation.
type MailRule struct {
	ID      string       `json:"id"`
	Title   string       `json:"title"`
	Do      string       `json:"do"`
	Classes []MailClass  `json:"classes"`
	Grounds []MailGround `json:"grounds"`
}

// MailExpression is a regular expression in the syntax of RE2, whose time grows with the text alone. It looks past case.
type MailExpression struct{ expression *regexp.Regexp }

const longestExpression = 2000 // characters

// UnmarshalText compiles the expression.
func (e *MailExpression) UnmarshalText(text []byte) error {
	if len(text) > longestExpression {
		return fmt.Errorf("longer than %d characters; make several of it", longestExpression)
	}
	compiled, err := regexp.Compile("(?i)" + string(text))
	if err != nil {
		return fmt.Errorf("no valid expression: %w", err)
	}
	if compiled.MatchString("") {
		return fmt.Errorf("%q matches an empty text, and so every one", text)
	}
	e.expression = compiled
	return nil
}

// MarshalText gives the expression as it is written in the policies.
func (e MailExpression) MarshalText() ([]byte, error) {
	if e.expression == nil {
		return nil, nil
	}
	return []byte(e.expression.String()[len("(?i)"):]), nil
}

// Find gives the first place in the text that matches, or false.
func (e MailExpression) Find(text string) (string, bool) {
	if e.expression == nil {
		return "", false
	}
	place := e.expression.FindStringIndex(text)
	if place == nil {
		return "", false
	}
	return text[place[0]:place[1]], true
}

// MailPattern is what a deceptive subject looks like in one language.
type MailPattern struct {
	ID       string         `json:"id"`
	Rule     string         `json:"rule"`
	Language string         `json:"language"` // ISO 639-1
	Pattern  MailExpression `json:"pattern"`
	Reason   string         `json:"reason"`
}

// MailTopic is what words in a message are about.
type MailTopic string

// The topics.
const (
	AboutUnsubscribing MailTopic = "unsubscribe"
	AboutPreferences   MailTopic = "preferences" // a menu of what to receive
	AboutReplying      MailTopic = "reply"       // unsubscribing by an answer
	AboutPrivacy       MailTopic = "privacy"
	AboutAdvertising   MailTopic = "advertisement"
	AboutWithdrawing   MailTopic = "withdrawal" // that consent can be taken back
)

// MailTopics lists the topics.
func MailTopics() []MailTopic {
	return []MailTopic{AboutUnsubscribing, AboutPreferences, AboutReplying, AboutPrivacy, AboutAdvertising, AboutWithdrawing}
}

// Valid reports whether t is one of the topics.
func (t MailTopic) Valid() bool { return slices.Contains(MailTopics(), t) }

// MailWords are the words by which a topic is known in a language.
type MailWords struct {
	ID       string         `json:"id"`
	Topic    MailTopic      `json:"topic"`
	Language string         `json:"language"`
	Pattern  MailExpression `json:"pattern"`
}

// MailAddressForm is what a postal address of a country looks like: a sign that there is one, not a proof that it is right.
type MailAddressForm struct {
	ID      string         `json:"id"`
	Country string         `json:"country"`
	Pattern MailExpression `json:"pattern"`
}

// MailTracker is what the address of a tracking pixel or of a redirecting link looks like.
type MailTracker struct {
	ID      string           `json:"id"`
	Name    string           `json:"name"`
	Kind    MailTrackingKind `json:"kind"`
	Pattern MailExpression   `json:"pattern"`
}

// MailTrackingKind says what is followed: that a message was opened, or that a link was.
type MailTrackingKind string

// The kinds of tracking.
const (
	TracksOpening  MailTrackingKind = "pixel"
	TracksClicking MailTrackingKind = "link"
)

// Valid reports whether k is one of the kinds.
func (k MailTrackingKind) Valid() bool { return k == TracksOpening || k == TracksClicking }

// MailLabel is a mark that a law wants at the beginning of the subject.
type MailLabel struct {
	ID   string `json:"id"`
	Rule string `json:"rule"`
	Text string `json:"text"`
}

// MailRules is all that messages are held to.
type MailRules struct {
	Laws         []MailLaw
	Rules        []MailRule
	Subjects     []MailPattern
	Words        []MailWords
	AddressForms []MailAddressForm
	Trackers     []MailTracker
	Labels       []MailLabel
}
