package consent

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"regexp"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
)

// LinkKind is what a link of a person's own is for.
type LinkKind uint8

// The kinds. They stand in links that are out in the world, and never change.
const (
	LinkUnsubscribe LinkKind = 1
	LinkPreferences LinkKind = 2
	LinkConfirm     LinkKind = 3
)

// Link is what stands in a link by which a person ends, or chooses, what they get. It names nobody: the person is an id that means nothing outside the ledger.
// Links are kept nowhere. What they say is signed, so they work for as long as their key is not revoked.
type Link struct {
	// What a person confirms by a link is a sign-up: Person is then that one's id.
	Tenant, Person uuid.UUID
	Kind           LinkKind
	// Key is the number of the key that signs it.
	Key uint16
	// Purpose is what the message was for; 0 is every purpose.
	Purpose int32
	// Channel is the one on which the message goes out.
	Channel privacy.MessageChannel
	// Day is that of sending.
	Day privacy.Date
	// List is the sender's own name of the list or campaign; empty where there is none.
	List string
}

// LinkMarkSize is the size of the mark that a link is signed with, in bytes: 128 bits can't be guessed (RFC 8058 s.3.1 wants what is hard to forge).
const LinkMarkSize = 16

// MaxLinkList is how long the name of a list may be: a token stays well under 120 characters.
const MaxLinkList = 20

// ErrLink says that a text is no link, or can't become one. What is wrong with it is nobody's business who made it up.
var ErrLink = errors.New("this is no link of a person's own")

const (
	linkVersion = 1
	// version, kind and channel, key, tenant, person, purpose, day
	linkHead = 1 + 1 + 2 + 16 + 16 + 4 + 2
)

var linkList = regexp.MustCompile(`^[A-Za-z0-9._-]{0,20}$`)

// linkChannels are the channels by their numbers in links. New ones come at the end.
func linkChannels() []privacy.MessageChannel {
	return []privacy.MessageChannel{privacy.ByEmail, privacy.BySMS, privacy.ByPhone, privacy.ByPost, privacy.ByPush}
}

// linkEpoch is the first day that a link can name; two bytes of days reach to 2199.
func linkEpoch() privacy.Date { return privacy.NewDate(2020, 1, 1) }

// Payload writes what is signed. ErrLink for what no link can say.
func (l Link) Payload() ([]byte, error) {
	channel, days := slices.Index(linkChannels(), l.Channel), linkEpoch().DaysUntil(l.Day)
	if channel < 0 || days < 0 || days > 1<<16-1 || l.Purpose < 0 || !linkList.MatchString(l.List) || !l.Kind.valid() || l.Tenant == uuid.Nil || l.Person == uuid.Nil || l.Key == 0 {
		return nil, ErrLink
	}
	out := make([]byte, 0, linkHead+len(l.List)+LinkMarkSize)
	out = append(out, linkVersion, byte(l.Kind)<<4|byte(channel))
	out = binary.BigEndian.AppendUint16(out, l.Key)
	out = append(append(out, l.Tenant[:]...), l.Person[:]...)
	out = binary.BigEndian.AppendUint32(out, uint32(l.Purpose))
	out = binary.BigEndian.AppendUint16(out, uint16(days))
	return append(out, l.List...), nil
}

func (k LinkKind) valid() bool { return k >= LinkUnsubscribe && k <= LinkConfirm }

// LinkToken puts what is signed and its mark into the text that stands in an address.
func LinkToken(payload, mark []byte) string {
	return base64.RawURLEncoding.EncodeToString(append(slices.Clip(payload), mark...))
}

// ParseLink reads a text from an address. It says what the text claims: nothing of it counts before the mark was compared with that of the payload. ErrLink for
// everything that LinkToken would not have written so.
func ParseLink(token string) (link Link, payload, mark []byte, err error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < linkHead+LinkMarkSize || len(raw) > linkHead+MaxLinkList+LinkMarkSize || raw[0] != linkVersion {
		return Link{}, nil, nil, ErrLink
	}
	payload, mark = raw[:len(raw)-LinkMarkSize], raw[len(raw)-LinkMarkSize:]
	channel := int(payload[1] & 0x0f)
	if channel >= len(linkChannels()) {
		return Link{}, nil, nil, ErrLink
	}
	link = Link{
		Kind: LinkKind(payload[1] >> 4), Channel: linkChannels()[channel], Key: binary.BigEndian.Uint16(payload[2:]), Tenant: uuid.UUID(payload[4:20]),
		Person: uuid.UUID(payload[20:36]), Purpose: int32(binary.BigEndian.Uint32(payload[36:])), Day: linkEpoch().AddDays(int(binary.BigEndian.Uint16(payload[40:]))),
		List: string(payload[linkHead:]),
	}
	// Whatever else would read the same is none that was written.
	if again, err := link.Payload(); err != nil || !slices.Equal(again, payload) || LinkToken(payload, mark) != token {
		return Link{}, nil, nil, ErrLink
	}
	return link, payload, mark, nil
}

// linkConfirms is for how many days after its sending a link shows that whoever uses it reads the mailbox now.
const linkConfirms = 30

// Confirms says whether what is switched on by the link counts as confirmed by the mailbox it was sent to. A confirmation by double opt-in shows no more than a
// link does: that somebody had the message in their hands. It is asked for at once, so an old message, which may lie anywhere by now, confirms nothing.
func (l Link) Confirms(today privacy.Date) bool { return !today.After(l.Day.AddDays(linkConfirms)) }
