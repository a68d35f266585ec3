package signin

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
)

// ChallengeLife is how long a passkey may take to sign.
const ChallengeLife = 5 * time.Minute

// ErrPasskey says that what an authenticator answered proves nothing.
var ErrPasskey = errors.New("the passkey was not accepted")

// ErrNoPasskeys says that the public address is one that no passkey can be bound to.
var ErrNoPasskeys = errors.New("passkeys need a public address with a domain name or localhost")

// Passkeys asks authenticators and checks what they answer. It keeps nothing.
type Passkeys struct{ party *webauthn.WebAuthn }

// NewPasskeys binds passkeys to the host under which people find us. Where that is a number or a bare name, as in a small network, there
// are none, and everything else goes on without.
func NewPasskeys(public string) *Passkeys {
	u, err := url.Parse(strings.ToLower(public))
	if err != nil {
		return &Passkeys{}
	}
	party, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: issuerName, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
	})
	if err != nil || u.Hostname() == "" {
		return &Passkeys{}
	}
	return &Passkeys{party: party}
}

// Holder is somebody with their passkeys, as the authenticator is told of them.
type Holder struct {
	Account  storage.Account
	Passkeys []storage.Passkey
}

// WebAuthnID implements webauthn.User.
func (h Holder) WebAuthnID() []byte { return h.Account.ID[:] }

// WebAuthnName implements webauthn.User.
func (h Holder) WebAuthnName() string { return h.Account.Email }

// WebAuthnDisplayName implements webauthn.User.
func (h Holder) WebAuthnDisplayName() string { return h.Account.Name }

// WebAuthnCredentials implements webauthn.User. A credential that cannot be read proves nothing and is left out.
func (h Holder) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, 0, len(h.Passkeys))
	for _, p := range h.Passkeys {
		var c webauthn.Credential
		if json.Unmarshal(p.Credential, &c) == nil {
			out = append(out, c)
		}
	}
	return out
}

// Asked is what goes to the browser, and what is kept until it answers.
type Asked struct {
	Options any
	// Hash finds the rest again by what the authenticator signed.
	Hash []byte
	Data []byte
}

func asked(options any, session *webauthn.SessionData, err error) (Asked, error) {
	if err != nil {
		return Asked{}, fmt.Errorf("ask for a passkey: %w", err)
	}
	data, err := json.Marshal(session)
	if err != nil {
		return Asked{}, fmt.Errorf("write a challenge: %w", err)
	}
	return Asked{Options: options, Hash: challengeHash(session.Challenge), Data: data}, nil
}

func challengeHash(challenge string) []byte {
	sum := sha256.Sum256([]byte(challenge))
	return sum[:]
}

// Register asks for a new passkey. It is to be found without an address, and to ask its holder for a finger or a PIN: then it is both
// factors at once.
func (p *Passkeys) Register(h Holder) (Asked, error) {
	if p.party == nil {
		return Asked{}, ErrNoPasskeys
	}
	known := make([]protocol.CredentialDescriptor, 0, len(h.Passkeys))
	for _, c := range h.WebAuthnCredentials() {
		known = append(known, c.Descriptor())
	}
	options, session, err := p.party.BeginRegistration(h, webauthn.WithExclusions(known),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred,
		}))
	return asked(options, session, err)
}

// Discover asks for any passkey of anybody; it must ask its holder for a finger or a PIN, for it is all that is given.
func (p *Passkeys) Discover() (Asked, error) {
	if p.party == nil {
		return Asked{}, ErrNoPasskeys
	}
	options, session, err := p.party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	return asked(options, session, err)
}

// SecondFactor asks for a passkey of somebody who gave their password.
func (p *Passkeys) SecondFactor(h Holder) (Asked, error) {
	if p.party == nil {
		return Asked{}, ErrNoPasskeys
	}
	options, session, err := p.party.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationPreferred))
	return asked(options, session, err)
}

// Registered checks a new passkey.
type Registered struct {
	parsed *protocol.ParsedCredentialCreationData
}

// ReadRegistration reads what a browser says about a new passkey, and finds the challenge.
func ReadRegistration(raw []byte) (r Registered, challenge []byte, err error) {
	parsed, err := protocol.ParseCredentialCreationResponseBytes(raw)
	if err != nil {
		return Registered{}, nil, ErrPasskey
	}
	return Registered{parsed}, challengeHash(parsed.Response.CollectedClientData.Challenge), nil
}

// Finish gives the passkey to keep.
func (r Registered) Finish(p *Passkeys, h Holder, data []byte) (storage.Passkey, error) {
	session, err := p.readSession(data)
	if err != nil {
		return storage.Passkey{}, err
	}
	credential, err := p.party.CreateCredential(h, session, r.parsed)
	if err != nil {
		return storage.Passkey{}, ErrPasskey
	}
	return kept(storage.Passkey{}, credential)
}

// Assertion is what an authenticator signed.
type Assertion struct {
	parsed *protocol.ParsedCredentialAssertionData
}

// ReadAssertion reads what a browser says for an authenticator, and finds the challenge.
func ReadAssertion(raw []byte) (a Assertion, challenge []byte, err error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(raw)
	if err != nil {
		return Assertion{}, nil, ErrPasskey
	}
	return Assertion{parsed}, challengeHash(parsed.Response.CollectedClientData.Challenge), nil
}

// Credential is the id of the passkey that signed.
func (a Assertion) Credential() []byte { return a.parsed.RawID }

// Finish checks the signature, and gives the passkey with what the use changed of it. A counter that went back is that of a copy.
func (a Assertion) Finish(p *Passkeys, h Holder, data []byte) (storage.Passkey, error) {
	session, err := p.readSession(data)
	if err != nil {
		return storage.Passkey{}, err
	}
	var credential *webauthn.Credential
	if len(session.UserID) == 0 {
		credential, err = p.party.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
			if id, err := uuid.FromBytes(handle); err != nil || id != h.Account.ID {
				return nil, ErrPasskey
			}
			return h, nil
		}, session, a.parsed)
	} else {
		credential, err = p.party.ValidateLogin(h, session, a.parsed)
	}
	if err != nil || credential.Authenticator.CloneWarning {
		return storage.Passkey{}, ErrPasskey
	}
	for _, of := range h.Passkeys {
		if string(of.CredentialID) == string(credential.ID) {
			return kept(of, credential)
		}
	}
	return storage.Passkey{}, ErrPasskey
}

func (p *Passkeys) readSession(data []byte) (session webauthn.SessionData, err error) {
	if p.party == nil {
		return session, ErrPasskey
	}
	if err := json.Unmarshal(data, &session); err != nil {
		return session, fmt.Errorf("read a challenge: %w", err)
	}
	return session, nil
}

func kept(p storage.Passkey, c *webauthn.Credential) (storage.Passkey, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return p, fmt.Errorf("write a passkey: %w", err)
	}
	p.CredentialID, p.Credential, p.SignCount = c.ID, text, c.Authenticator.SignCount
	return p, nil
}
