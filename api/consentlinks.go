package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

type makeLinksIn struct {
	Body struct {
		Addresses []string     `json:"addresses" nullable:"false" minItems:"1" maxItems:"10000" doc:"Whom the message goes to. Who is not in the ledger yet is added, without anything having happened."`
		Purpose   string       `json:"purpose" minLength:"1" maxLength:"62" doc:"The key of what the message is for; * is every purpose."`
		Channel   string       `json:"channel,omitempty" enum:"email,sms,phone,post,push" doc:"email when absent. It says what kind of address they are."`
		List      string       `json:"list,omitempty" maxLength:"20" pattern:"^[A-Za-z0-9._-]*$" doc:"Your own name of the list or campaign. It stands in the link for everybody to read, and in the ledger with what was ended by it. Nothing about the person." example:"spring-2026"`
		Day       privacy.Date `json:"day,omitzero" format:"date" doc:"The day of sending; today when absent."`
	}
}

// consentLinks are the links of a message, those of each address in its place.
type consentLinks struct {
	Links []consentLink `json:"links" nullable:"false" doc:"In the order of the addresses."`
}

type consentLink struct {
	Unsubscribe string `json:"unsubscribe" doc:"For the message: it leads to a page where one press is enough, without signing in."`
	Preferences string `json:"preferences" doc:"Leads to all that the person can choose."`
	Header      string `json:"list_unsubscribe" doc:"The value of List-Unsubscribe (RFC 2369). Sign it with DKIM."`
	Post        string `json:"list_unsubscribe_post,omitempty" doc:"The value of List-Unsubscribe-Post (RFC 8058 s.3.1). Sign it with DKIM. Absent where the public pages are not behind https, which it wants."`
}

// linkKeyView is a key that signs links, of which nobody sees more.
type linkKeyView struct {
	Number    uint16     `json:"number" doc:"Stands in the links that it signed."`
	InUse     bool       `json:"in_use" doc:"It signs new links."`
	CreatedAt time.Time  `json:"created_at"`
	RetiredAt *time.Time `json:"retired_at,omitempty" doc:"When another took its place. Its links go on working."`
	RevokedAt *time.Time `json:"revoked_at,omitempty" doc:"When its links stopped to work."`
}

type rotateLinkKeys struct{ Body plainBody }

type revokeLinkKey struct {
	Number uint16 `path:"number" minimum:"1" maximum:"65535"`
	Body   plainBody
}

// chosenView is what a person has chosen beside their consents.
type chosenView struct {
	Frequency string       `json:"frequency" enum:"any,weekly,monthly"`
	Paused    privacy.Date `json:"paused_until,omitzero" format:"date" doc:"Nothing was wanted before this day."`
	Language  string       `json:"language,omitempty"`
	At        time.Time    `json:"at"`
	How       string       `json:"how" enum:"page,staff,api"`
}

func newChosen(lines []storage.ConsentPreferencesLine) []chosenView {
	out := each(lines, func(l storage.ConsentPreferencesLine) chosenView {
		return chosenView{Frequency: string(l.Frequency), Paused: l.PausedUntil, Language: l.Language, At: l.At, How: l.How}
	})
	slices.Reverse(out)
	return out
}

func (s *server) consentLinkOperations() {
	register(s, operation{
		id: "make-consent-links", method: http.MethodPost, path: "/v1/consent/links", tag: "consents", maxBody: 8 << 20,
		summary: "Make the links by which up to 10,000 people end or choose what they get, with the headers of the message",
	}, s.makeConsentLinks)
	register(s, operation{
		id: "list-link-keys", method: http.MethodGet, path: "/v1/consent/link-keys", tag: "consents", summary: "The keys that sign the links of people, the oldest first",
	}, s.linkKeys)
	register(s, operation{
		id: "rotate-link-keys", method: http.MethodPost, path: "/v1/consent/link-keys/rotate", tag: "consents", status: http.StatusCreated,
		summary: "Have a new key sign links from now on; those that are out go on working for years",
	}, s.rotateLinkKeys)
	register(s, operation{
		id: "revoke-link-key", method: http.MethodPost, path: "/v1/consent/link-keys/{number}/revoke", tag: "consents", errors: []int{http.StatusNotFound},
		summary: "Have the links of a key that leaked do nothing any more, within ten seconds: whoever opens one reads whom to write to. It can't be taken back",
	}, s.revokeLinkKey)
}

func (s *server) makeConsentLinks(ctx context.Context, who *caller, in *makeLinksIn) (*shown[consentLinks], error) {
	out := &shown[consentLinks]{}
	n := casework.NewLinks{Purpose: in.Body.Purpose, Channel: casework.ChannelOf(in.Body.Channel), Day: in.Body.Day, List: in.Body.List}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		made, err := s.Desk.MakeLinks(ctx, tx, n, in.Body.Addresses)
		if err != nil {
			return notAnAddress(err, func(i int) string { return fmt.Sprintf("body.addresses[%d]", i) })
		}
		out.Body.Links = each(made, func(l casework.PersonLinks) consentLink { return consentLink(l) })
		return nil
	})
}

func (s *server) linkKeys(ctx context.Context, who *caller, _ *struct{}) (*page[linkKeyView], error) {
	var keys []storage.LinkKey
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		keys, err = tx.LinkKeys(ctx)
		return err
	})
	return newPage(each(keys, newLinkKey), ""), err
}

func newLinkKey(k storage.LinkKey) linkKeyView {
	return linkKeyView{Number: k.Number, InUse: k.RetiredAt == nil, CreatedAt: k.CreatedAt, RetiredAt: k.RetiredAt, RevokedAt: k.RevokedAt}
}

func (s *server) rotateLinkKeys(ctx context.Context, who *caller, _ *rotateLinkKeys) (*shown[linkKeyView], error) {
	out := &shown[linkKeyView]{}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		key, err := tx.RotateLinkKey(ctx)
		out.Body = newLinkKey(key)
		return err
	})
}

func (s *server) revokeLinkKey(ctx context.Context, who *caller, in *revokeLinkKey) (*page[linkKeyView], error) {
	var keys []storage.LinkKey
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		err := tx.RevokeLinkKey(ctx, in.Number)
		if errors.Is(err, storage.ErrNotFound) {
			return problem(http.StatusNotFound, "not-found", "There is no key of this number, or it was revoked before. List the keys to see which there are.")
		}
		if err != nil {
			return err
		}
		keys, err = tx.LinkKeys(ctx)
		return err
	})
	return newPage(each(keys, newLinkKey), ""), err
}
