// Package notify writes and sends what Docket says to people: letters to the person who asked, notices to the staff,
// events to other programs.
//
// Rendering and sending are two steps. Render turns a typed letter into finished words; the caller seals those words
// (they contain names and links) and stores them in the outbox of the transaction that decided on them. Later a
// Sender of the right channel carries the stored Message, as often as it takes, under the same ID.
package notify

import (
	"context"
	"encoding/json"
	"time"
)

// Channel is a way to reach a receiver.
type Channel string

// The channels that there are a Sender for.
const (
	ChannelEmail   Channel = "email"
	ChannelSlack   Channel = "slack"
	ChannelWebhook Channel = "webhook"
)

// Receiver says where a message goes. Name and Address are personal data when the receiver is a person.
type Receiver struct {
	// Name is used in the To header of an e-mail; it may be empty.
	Name string `json:"name,omitempty"`
	// Address is an e-mail address, the id of a Slack channel or user, or the URL of a webhook.
	Address string `json:"address"`
}

// Message is one thing to tell one receiver. It is complete: two sends of the same Message say the same thing under
// the same identity, so that a receiver which looks at identities sees one message and not two.
type Message struct {
	// ID identifies the message for ever, retries included: it becomes the Message-ID of an e-mail, client_msg_id in
	// Slack, webhook-id of a webhook. Letters, digits, '.', '_' and '-', at most 128 of them.
	ID string   `json:"id"`
	To Receiver `json:"to"`
	// Date is when the message was decided on. It is the Date header of an e-mail.
	Date time.Time `json:"date"`
	// Rendered carries the words; e-mail and Slack use it.
	Rendered Rendered `json:"rendered,omitzero"`
	// Event is the JSON document that a webhook carries; see webhook.Event.
	Event json.RawMessage `json:"event,omitempty"`
}

// Receipt is what the other side answered when it took a message.
type Receipt struct {
	// Channel that carried it.
	Channel Channel
	// RemoteID is the other side's name for the message: the Message-ID, Slack's channel and timestamp, webhook-id.
	RemoteID string
	// Duplicate tells that the other side had taken this message before and kept the first.
	Duplicate bool
}

// Sender carries messages over one channel. It is safe for concurrent use.
//
// Send returns nil only when the other side took responsibility for the message. Each error is a *Failure; nothing
// in it tells who the receiver is or what the message says.
type Sender interface {
	Send(ctx context.Context, m Message) (Receipt, error)
}
