package drp

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/privacy"
)

// Exercise is a request to exercise a right (section 2.01).
type Exercise struct {
	Envelope
	RequestName   string   `json:"agent-request-id"`
	Action        string   `json:"exercise"`
	Regime        string   `json:"regime"`
	Relationships []string `json:"relationships"`
	Callback      string   `json:"status_callback"`

	Name            string          `json:"name"`
	Email           string          `json:"email"`
	EmailVerified   bool            `json:"email_verified"`
	Phone           string          `json:"phone_number"`
	PhoneVerified   bool            `json:"phone_number_verified"`
	Address         json.RawMessage `json:"address"`
	AddressVerified bool            `json:"address_verified"`
	PowerOfAttorney string          `json:"power_of_attorney"`
}

// Actions are the rights of section 3.01 that there is a process for here. An opt-in to sale is a consent, which nobody may give for another
// by a message; categories alone are no answer that is built here.
func Actions() []string { return []string{"sale:opt_out", "deletion", "access", "access:specific"} }

// refusedActions are known to the protocol.
func refusedActions() []string { return []string{"sale:opt_in", "access:categories"} }

// RegimeCCPA is the law that the protocol encodes; a request may name none.
const RegimeCCPA = "ccpa"

const (
	maxText          = 500
	maxAddress       = 4 << 10
	maxRelationships = 20
)

// ReadExercise reads a request. The error is a *Fault.
func ReadExercise(message []byte) (Exercise, error) {
	var x Exercise
	if err := read(message, &x); err != nil {
		return x, err
	}
	x.Action = strings.ReplaceAll(x.Action, "opt-", "opt_") // the specification writes both
	for _, wrong := range []*Fault{x.versionFault(), x.actionFault(), x.regimeFault(), x.formFault()} {
		if wrong != nil {
			return x, wrong
		}
	}
	return x, nil
}

func (x Exercise) versionFault() *Fault {
	if slices.Contains(Versions(), x.Version) {
		return nil
	}
	return &Fault{FaultVersion, http.StatusBadRequest, "drp.version must be one of " + strings.Join(Versions(), ", ") + ".", true}
}

func (x Exercise) actionFault() *Fault {
	switch {
	case slices.Contains(Actions(), x.Action):
		return nil
	case slices.Contains(refusedActions(), x.Action):
		return &Fault{FaultAction, http.StatusBadRequest, "This business does not take " + x.Action + " by the protocol. It takes " + strings.Join(Actions(), ", ") + ".", true}
	default:
		return &Fault{FaultAction, http.StatusBadRequest, "exercise must be one of " + strings.Join(Actions(), ", ") + ".", true}
	}
}

func (x Exercise) regimeFault() *Fault {
	if x.Regime == "" || x.Regime == RegimeCCPA {
		return nil
	}
	return &Fault{FaultRegime, http.StatusBadRequest, "regime must be ccpa, or left out for a voluntary answer.", true}
}

func (x Exercise) formFault() *Fault {
	wrong := func(problem string) *Fault { return &Fault{FaultForm, http.StatusBadRequest, problem, true} }
	if strings.TrimSpace(x.Email) == "" {
		return wrong("email is needed: it is how the person is found and hears of the answer.")
	}
	for field, text := range map[string]string{"agent-request-id": x.RequestName, "name": x.Name, "email": x.Email, "phone_number": x.Phone, "power_of_attorney": x.PowerOfAttorney} {
		if len(text) > maxText || strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }) {
			return wrong(fmt.Sprintf("%s must be one line of at most %d bytes.", field, maxText))
		}
	}
	if len(x.Address) > maxAddress || len(x.Relationships) > maxRelationships {
		return wrong("address or relationships are too long.")
	}
	for _, hint := range x.Relationships {
		if len(hint) > maxText {
			return wrong("address or relationships are too long.")
		}
	}
	if x.Callback == "" {
		return nil
	}
	u, err := url.Parse(x.Callback)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || len(x.Callback) > 2000 || u.Scheme != "https" && u.Scheme != "http" {
		return wrong("status_callback must be a plain https address.")
	}
	return nil
}

// Right is what the action means here.
func (x Exercise) Right() (privacy.Right, privacy.Ask) {
	switch x.Action {
	case "sale:opt_out":
		return privacy.OptOut, privacy.Ask{Against: []privacy.LimitKind{privacy.LimitSale}}
	case "deletion":
		return privacy.Erasure, privacy.Ask{}
	default:
		return privacy.Access, privacy.Ask{}
	}
}

// Content is what the request says, without what a second try of the same may say otherwise.
func (x Exercise) Content() string {
	x.Envelope = Envelope{}
	text, _ := json.Marshal(x) // texts and JSON that was read can be written
	return string(text)
}

// Revocation is a request to stop (section 2.04). It says of itself only what its agent puts in.
type Revocation struct {
	Envelope
	Reason string `json:"reason"`
	// Action is that of a message that exercises a right, which takes none back.
	Action string `json:"exercise"`
}

// ReadRevocation reads a request to stop. The error is a *Fault.
func ReadRevocation(message []byte) (Revocation, error) {
	var r Revocation
	if err := read(message, &r); err != nil {
		return r, err
	}
	if r.Action != "" {
		return r, &Fault{FaultForm, http.StatusBadRequest, "this message exercises a right; sign one that revokes it.", true}
	}
	if len(r.Reason) > 4<<10 {
		return r, &Fault{FaultForm, http.StatusBadRequest, "reason must have at most 4096 bytes.", true}
	}
	return r, nil
}
