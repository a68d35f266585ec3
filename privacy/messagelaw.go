package privacy

// MessageReach says to which messages a law applies: by where they are read, or where they are sent from. Countries are ISO 3166-1 alpha-2 codes; EEA stands
// for the countries of the European Economic Area.
type MessageReach struct {
	Recipients []string `json:"recipients,omitempty"`
	Senders    []string `json:"senders,omitempty"`
	Citation   Citation `json:"citation"`
}

// MessageGround is one on which a law lets messages go, or a duty that it knows, with its source.
type MessageGround struct {
	// Events are the relations that it is about; empty where it is about none.
	Events   []ConsentEvent `json:"events,omitempty"`
	Citation Citation       `json:"citation"`
}

// SoftOptIn lets messages go to customers about goods and services like those that they bought, as long as they could refuse at once and each time.
type SoftOptIn struct {
	MessageGround
	// Charitable says that charities have it for their purposes, too.
	Charitable *MessageGround `json:"charitable,omitempty"`
}

// MessageExemption lets a class of messages go without consent.
type MessageExemption struct {
	Class    string   `json:"class"`
	Citation Citation `json:"citation"`
}
