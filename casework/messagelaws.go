package casework

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// casl is the id of the rule that Canadian mode has apply to everything.
const casl = "casl"

// messageLaws keeps which laws reach which messages of whom: a list of a million asks the same few questions again and again.
type messageLaws struct {
	all  []privacy.MessageRule
	mu   sync.RWMutex
	kept map[reach][]privacy.MessageRule
	// zones are those of the laws, by name.
	zones sync.Map
}

// reach is what the laws that apply depend on.
type reach struct {
	recipient, sender string
	channel           privacy.MessageChannel
	choices           string
}

func newMessageLaws(all []privacy.MessageRule) *messageLaws {
	return &messageLaws{all: all, kept: map[reach][]privacy.MessageRule{}}
}

// knows says whether a rule of any law is about a relation.
func (l *messageLaws) knows(relation privacy.ConsentEvent) bool {
	return slices.ContainsFunc(l.all, func(r privacy.MessageRule) bool { return r.Knows(relation) })
}

// mostReaches bounds what is kept; it is more than there are countries and channels for some tenants.
const mostReaches = 10_000

// reaching are the laws that apply to a message to a country, by a tenant's own choices. Nobody changes them.
func (l *messageLaws) reaching(t *storage.Tenant, recipient string, by privacy.MessageChannel) []privacy.MessageRule {
	choices := t.Settings.Consents
	key := reach{recipient: recipient, sender: t.Country, channel: by, choices: choicesKey(choices)}
	l.mu.RLock()
	laws, known := l.kept[key]
	l.mu.RUnlock()
	if known {
		return laws
	}
	laws = chosen(l.all, privacy.MessagesReaching(l.all, recipient, t.Country, by), choices)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) >= mostReaches {
		clear(l.kept)
	}
	l.kept[key] = laws
	return laws
}

// unsubscribing are the laws that say by when a withdrawal from messages to a country has effect everywhere: those that reach the messages and, for e-mail, the rules of mailbox providers.
func (l *messageLaws) unsubscribing(t *storage.Tenant, recipient string, by privacy.MessageChannel) []privacy.MessageRule {
	laws := slices.Clone(l.reaching(t, recipient, by))
	if by != privacy.ByEmail {
		return laws
	}
	for _, rule := range l.all {
		if rule.Consent == privacy.TermsModel {
			laws = append(laws, rule)
		}
	}
	return laws
}

// zone finds a zone by its name, and keeps it.
func (l *messageLaws) zone(name string) (*time.Location, error) {
	if kept, found := l.zones.Load(name); found {
		return kept.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("find a zone: %w", err)
	}
	l.zones.Store(name, zone)
	return zone, nil
}

// choicesKey tells choices apart on which the laws depend.
func choicesKey(c storage.ConsentSettings) string {
	if !c.Canadian && len(c.Confirmation) == 0 {
		return ""
	}
	text, err := json.Marshal(c.Confirmation) // in the order of the keys
	return fmt.Sprint(c.Canadian, string(text), err)
}

// chosen applies what a tenant has chosen: Canadian mode, and where a mailbox has to confirm.
func chosen(all, laws []privacy.MessageRule, choices storage.ConsentSettings) []privacy.MessageRule {
	out := slices.Clone(laws)
	isCASL := func(r privacy.MessageRule) bool { return r.ID == casl }
	if choices.Canadian && !slices.ContainsFunc(out, isCASL) {
		if at := slices.IndexFunc(all, isCASL); at >= 0 {
			out = append(out, all[at])
		}
	}
	for i := range out {
		switch want, said := choices.Confirmation[out[i].ID]; {
		case said && !want:
			out[i].Confirmation = nil
		case said && out[i].Confirmation == nil && out[i].Consent == privacy.OptInModel:
			out[i].Confirmation = &privacy.MessageGround{Citation: privacy.Citation{Text: "the controller's own rule", Mark: privacy.Verified}}
		}
	}
	return out
}
