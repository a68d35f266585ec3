package signin

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"image/png"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"github.com/privacy-docket/docket/seal"
)

// period is how long a code of an authenticator lasts, in seconds; skew how many steps beside the present one are taken, for clocks
// that are not right and people who are not fast (RFC 6238, section 5.2).
const (
	period = 30
	skew   = 1
)

// issuerName is what an authenticator shows above the code.
const issuerName = "Docket"

// Offer is a new secret for an authenticator.
type Offer struct {
	Secret string
	// URI is what the picture holds: otpauth://totp/…
	URI string
	// QR is the picture, as a data URL.
	QR string
}

// NewTOTP makes a secret for somebody's authenticator.
func NewTOTP(account string) (Offer, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuerName, AccountName: account, Period: period, SecretSize: 20})
	if err != nil {
		return Offer{}, fmt.Errorf("make a secret for an authenticator: %w", err)
	}
	picture, err := key.Image(240, 240)
	if err != nil {
		return Offer{}, fmt.Errorf("draw the secret: %w", err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return Offer{}, fmt.Errorf("draw the secret: %w", err)
	}
	return Offer{Secret: key.Secret(), URI: key.URL(), QR: "data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes())}, nil
}

// Step finds the step whose code this is, among the present one and those beside it that come after the last that was used: a code
// works once.
func Step(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	present := now.Unix() / period
	for at := present - skew; at <= present+skew; at++ {
		if at <= last {
			continue
		}
		right, err := hotp.ValidateCustom(code, uint64(at), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && right {
			return at, true
		}
	}
	return 0, false
}

// RecoveryCodes is how many there are, and recoveryLength of how many characters: 49 bits each.
const (
	RecoveryCodes  = 10
	recoveryLength = 10
)

// recoveryLetters leave out what is mistaken for something else.
const recoveryLetters = "abcdefghjkmnpqrstuvwxyz23456789"

// NewRecoveryCodes makes a set of them.
func NewRecoveryCodes() []string {
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		codes[i] = randomText(recoveryLetters, recoveryLength)
	}
	return codes
}

// randomText draws each letter with the same chance.
func randomText(letters string, n int) string {
	out := make([]byte, 0, n)
	limit := 256 - 256%len(letters)
	raw := make([]byte, 1)
	for len(out) < n {
		_, _ = rand.Read(raw) // never fails: it ends the program instead
		if int(raw[0]) < limit {
			out = append(out, letters[int(raw[0])%len(letters)])
		}
	}
	return string(out)
}

// Typed is a code as people type it, brought to the form in which it was given out.
func Typed(code string) string { return seal.NormalCode(code) }

// LooksLikeTOTP says whether a code is one of an authenticator, not for recovery.
func LooksLikeTOTP(code string) bool { return seal.IsDigits(code, 6) }
