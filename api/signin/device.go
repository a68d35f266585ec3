package signin

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/privacy-docket/docket/seal"
)

// DeviceLife is how long a browser is known after the last full sign-in.
const DeviceLife = 180 * 24 * time.Hour

// device is what a browser keeps that somebody has signed in with before.
type device struct {
	ID      string    `json:"i"`
	Email   []byte    `json:"e"` // index of the address
	Expires time.Time `json:"x"`
}

// cookiePlace binds what a browser keeps to what it is for.
func cookiePlace(purpose string) seal.Field {
	return seal.Field{Table: "cookies", Column: purpose, Row: "1"}
}

const deviceCookie = "device"

// KnownDevice makes the cookie of a browser that an address has signed in with.
func KnownDevice(keys *seal.AccountKeys, emailIndex []byte, now time.Time) (string, error) {
	return sealCookie(keys, deviceCookie, device{ID: NewToken(), Email: emailIndex, Expires: now.Add(DeviceLife)})
}

// DeviceOf names the browser when its cookie says that this address has signed in with it; "" for a browser not seen before.
func DeviceOf(keys *seal.AccountKeys, cookie string, emailIndex []byte, now time.Time) string {
	var d device
	if !openCookie(keys, deviceCookie, cookie, &d) || string(d.Email) != string(emailIndex) || !now.Before(d.Expires) {
		return ""
	}
	return d.ID
}

func sealCookie(keys *seal.AccountKeys, purpose string, content any) (string, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return "", err
	}
	key, err := keys.CookieKey(purpose)
	if err != nil {
		return "", err
	}
	sealed, err := key.Seal(text, cookiePlace(purpose))
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(sealed), nil
}

// openCookie says false for whatever we did not write for this purpose.
func openCookie(keys *seal.AccountKeys, purpose, cookie string, into any) bool {
	sealed, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil || len(sealed) == 0 {
		return false
	}
	key, err := keys.CookieKey(purpose)
	if err != nil {
		return false
	}
	text, err := key.Open(sealed, cookiePlace(purpose))
	return err == nil && json.Unmarshal(text, into) == nil
}

// Browser says in a few words what a user agent is, for the list of one's sessions. Nothing else of it is kept.
func Browser(agent string) string {
	name, system := "another program", ""
	for _, known := range [][2]string{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}} {
		if strings.Contains(agent, known[0]) {
			name = known[1]
			break
		}
	}
	for _, known := range [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}} {
		if strings.Contains(agent, known[0]) {
			system = " on " + known[1]
			break
		}
	}
	return name + system
}
