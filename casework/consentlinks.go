package casework

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// NewLinks says which links people are to have in a message.
type NewLinks struct {
	// Purpose is the key of what the message is for, or EveryPurpose.
	Purpose string
	Channel privacy.MessageChannel
	// Day is that of sending; today when zero.
	Day privacy.Date
	// List is the sender's own name of the list or campaign; it stands in the link, and with what is ended by it.
	List string
}

// PersonLinks are the links of one person.
type PersonLinks struct {
	// Unsubscribe is for the message and its header, Preferences leads to all that the person can choose.
	Unsubscribe, Preferences string
	// Header is the value of List-Unsubscribe (RFC 2369), Post that of List-Unsubscribe-Post (RFC 8058); empty where the pages are not behind https, which it wants.
	Header, Post string
}

// farLinks is for how many days ahead messages are prepared.
const farLinks = 366

// MakeLinks makes the links for a message to addresses, of each in turn. Nothing is kept of them but who the address is. Errors are *privacy.RuleError for what
// can't be, and *storage.AddressError for an address that can't be one.
func (d *Desk) MakeLinks(ctx context.Context, tx *storage.Tx, n NewLinks, addresses []string) ([]PersonLinks, error) {
	link, err := newLink(tx, n)
	if err != nil {
		return nil, err
	}
	key, err := tx.LinkKeyInUse(ctx)
	if err != nil {
		return nil, err
	}
	link.Key = key.Number
	named := make([]storage.ConsentAddress, len(addresses))
	for i, a := range addresses {
		named[i] = storage.ConsentAddress{Kind: AddressKind(n.Channel), Value: a}
	}
	people, err := tx.LinkConsentPeople(ctx, named)
	if err != nil {
		return nil, err
	}
	out := make([]PersonLinks, len(people))
	for i, person := range people {
		link.Person = person
		if out[i], err = d.linksOf(tx.Tenant(), key, link); err != nil {
			return nil, err
		}
	}
	return out, tx.Audit(ctx, audit.Event{
		Action: audit.ConsentLinksMade, Object: audit.Object{Kind: "list", ID: "consent-links"},
		Facts: map[audit.FactKey]string{audit.FactCount: strconv.Itoa(len(addresses)), audit.FactPurpose: loggedPurpose(n.Purpose)},
	})
}

// loggedPurpose is how the log names a purpose: "*" is no word of it.
func loggedPurpose(key string) string {
	if key == EveryPurpose {
		return "everything"
	}
	return key
}

// newLink is what the links of a message have in common.
func newLink(tx *storage.Tx, n NewLinks) (consent.Link, error) {
	tenant := tx.Tenant()
	link := consent.Link{Tenant: tenant.ID, Channel: n.Channel, Day: n.Day, List: n.List}
	today := privacy.DateIn(tx.Now(), tenant.Zone)
	if link.Day.IsZero() {
		link.Day = today
	}
	if link.Day.Before(privacy.NewDate(2020, 1, 1)) || link.Day.After(today.AddDays(farLinks)) {
		return link, &privacy.RuleError{Code: "link_day", Message: "the day of sending lies before 2020 or more than a year ahead: give the day on which the message goes out"}
	}
	if n.Purpose == EveryPurpose {
		return link, nil
	}
	purpose, err := PurposeOf(tenant, n.Purpose)
	link.Purpose = purpose.Number
	return link, err
}

func (d *Desk) linksOf(tenant storage.Tenant, key storage.LinkKey, link consent.Link) (out PersonLinks, err error) {
	link.Kind = consent.LinkPreferences
	choose, err := signLink(key, link)
	if err != nil {
		return out, err
	}
	link.Kind = consent.LinkUnsubscribe
	end, err := signLink(key, link)
	if err != nil {
		return out, err
	}
	out.Unsubscribe, out.Preferences = d.links.Public+"/u/"+end, d.links.Public+"/p/"+choose
	out.Header = "<" + out.Unsubscribe + ">"
	if box := tenant.Settings.Consents.UnsubscribeMail; box != "" {
		out.Header += ", <mailto:" + box + "?subject=" + end + ">"
	}
	if strings.HasPrefix(d.links.Public, "https://") {
		out.Post = privacy.OneClickPost
	}
	return out, nil
}

func signLink(key storage.LinkKey, link consent.Link) (string, error) {
	payload, err := link.Payload()
	if err != nil {
		return "", fmt.Errorf("write a link: %w", err)
	}
	mark, err := key.Mark(payload)
	if err != nil {
		return "", err
	}
	return consent.LinkToken(payload, mark), nil
}

// OwnLink is a link of a person's own, whose mark is right.
type OwnLink struct {
	consent.Link
	// Of is the tenant that the link is of.
	Of storage.Tenant

	key storage.LinkKey
}

// Revoked says that the link does nothing any more, because its key may have got into other hands.
func (l OwnLink) Revoked() bool { return l.key.RevokedAt != nil }

// Preferences is the token of the link by which the same person chooses what they get. It is as old as this one and ends with it.
func (l OwnLink) Preferences() (string, error) {
	link := l.Link
	link.Kind = consent.LinkPreferences
	return signLink(l.key, link)
}

// OpenLink reads a link of a kind; ErrLinkDead for every text that no tenant has signed as one, whatever is wrong with it. The register is asked nothing before the
// text has the form of a link, and only for the tenant that it names.
func (d *Desk) OpenLink(ctx context.Context, token string, kind consent.LinkKind) (OwnLink, error) {
	link, payload, mark, err := consent.ParseLink(token)
	if err != nil {
		return OwnLink{}, ErrLinkDead
	}
	tenant, err := d.db.TenantOfLink(ctx, link.Tenant, link.Key)
	if errors.Is(err, storage.ErrNotFound) {
		return OwnLink{}, ErrLinkDead
	}
	if err != nil {
		return OwnLink{}, err
	}
	key, found := tenant.LinkKey(link.Key)
	if !found || !key.Marked(payload, mark) || link.Kind != kind {
		return OwnLink{}, ErrLinkDead
	}
	return OwnLink{Link: link, Of: tenant, key: key}, nil
}
