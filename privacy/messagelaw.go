package privacy

import "slices"

// MessageReach says to which messages a law applies: by their channel, and by where they are read or sent from. Countries are ISO 3166-1 alpha-2 codes, and EEA
// stands for those of the European Economic Area.
type MessageReach struct {
	Channels   []MessageChannel `json:"channels"`
	Recipients []string         `json:"recipients,omitempty"`
	Senders    []string         `json:"senders,omitempty"`
	// Otherwise has the law apply where no other does.
	Otherwise bool     `json:"otherwise,omitempty"`
	Citation  Citation `json:"citation"`
}

// MessageChannel is how a message reaches somebody.
type MessageChannel string

// The channels. They are stored and never renamed.
const (
	ByEmail MessageChannel = "email"
	BySMS   MessageChannel = "sms"
	ByPhone MessageChannel = "phone"
	ByPost  MessageChannel = "post"
	ByPush  MessageChannel = "push"
)

// MessageChannels lists them.
func MessageChannels() []MessageChannel {
	return []MessageChannel{ByEmail, BySMS, ByPhone, ByPost, ByPush}
}

// Valid reports whether c is one of the channels.
func (c MessageChannel) Valid() bool { return slices.Contains(MessageChannels(), c) }

// eea stands for the countries of the European Economic Area.
const eea = "EEA"

// eeaCountries are the member states of the European Union, and Iceland, Liechtenstein and Norway.
const eeaCountries = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"

// Reaches says whether the law applies to a message to and from a country. Of an unknown country, "", it is taken to be one where the law applies: whoever does
// not know where somebody lives obeys every law that may be theirs.
func (r MessageReach) Reaches(recipient, sender string, by MessageChannel) bool {
	if r.Otherwise || !slices.Contains(r.Channels, by) {
		return false
	}
	return (recipient == "" && len(r.Recipients) > 0) || isAmong(r.Recipients, recipient) || isAmong(r.Senders, sender)
}

func isAmong(countries []string, one string) bool {
	if one == "" {
		return false
	}
	return slices.ContainsFunc(countries, func(c string) bool { return c == one || c == eea && inEEA(one) })
}

func inEEA(country string) bool {
	for i := 0; i+2 <= len(eeaCountries); i += 3 {
		if eeaCountries[i:i+2] == country {
			return true
		}
	}
	return false
}

// MessagesReaching are the laws that apply to a message; those for where no other does when there is none.
func MessagesReaching(rules []MessageRule, recipient, sender string, by MessageChannel) (out []MessageRule) {
	for _, r := range rules {
		if r.Reach != nil && r.Reach.Reaches(recipient, sender, by) {
			out = append(out, r)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, r := range rules {
		if r.Reach != nil && r.Reach.Otherwise {
			out = append(out, r)
		}
	}
	return out
}

// MessageGround is one on which a law lets messages go, or a duty that it knows, with its source.
type MessageGround struct {
	// Events are the relations that it is about; empty where it is about none.
	Events []ConsentEvent `json:"events,omitempty"`
	// From is the first day on which it is law; zero where it has been since long ago.
	From     Date     `json:"from,omitempty"`
	Citation Citation `json:"citation"`
}

// Applies says whether the ground is law on a day and about a relation.
func (g *MessageGround) Applies(event ConsentEvent, on Date) bool {
	return g != nil && slices.Contains(g.Events, event) && !on.Before(g.From)
}

// Knows says whether any ground of the law is about a relation.
func (m MessageRule) Knows(relation ConsentEvent) bool {
	if _, opens := m.Window(relation); opens {
		return true
	}
	grounds := []*MessageGround{m.InForce}
	if m.SoftOptIn != nil {
		grounds = append(grounds, &m.SoftOptIn.MessageGround, m.SoftOptIn.Charitable)
	}
	return slices.ContainsFunc(grounds, func(g *MessageGround) bool { return g != nil && slices.Contains(g.Events, relation) })
}

// SoftOptIn lets messages go to customers about goods and services like those that they bought or asked about, as long as they could refuse at once and each
// time.
type SoftOptIn struct {
	MessageGround
	// Charitable is what charities have for their purposes.
	Charitable *MessageGround `json:"charitable,omitempty"`
}

// MessageClass is what kind of message is sent.
type MessageClass string

// The classes. They are stored and never renamed.
const (
	Commercial    MessageClass = "commercial"
	Transactional MessageClass = "transactional"  // facts about what the person has bought or asked for, and no advertising beside them
	AskingConsent MessageClass = "asking_consent" // asks for consent, which is commercial itself (CASL s.1(3))
	Charitable    MessageClass = "charitable"     // furthers a charity's purposes
	Fundraising   MessageClass = "fundraising"    // a charity's or a party's, above all to raise funds
)

// MessageClasses lists them.
func MessageClasses() []MessageClass {
	return []MessageClass{Commercial, Transactional, AskingConsent, Charitable, Fundraising}
}

// Valid reports whether c is one of the classes.
func (c MessageClass) Valid() bool { return slices.Contains(MessageClasses(), c) }

// MessageExemption lets classes of messages go without consent. Of Objectable ones people can still want no more.
type MessageExemption struct {
	Classes    []MessageClass `json:"classes"`
	Objectable bool           `json:"objectable,omitempty"`
	Citation   Citation       `json:"citation"`
}
