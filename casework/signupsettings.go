package casework

import (
	"net/url"
	"regexp"
	"slices"

	"github.com/privacy-docket/docket/storage"
)

// The most days that a sign-up waits for its mailbox.
const maxExpireDays = 30

// The most days before the end of implied consent on which people are asked.
const maxAskDays = 90

// addSignUps looks at how forms ask for consent.
func (f *tenantFaults) addSignUps(s *storage.SignUpSettings) {
	if s == nil {
		return
	}
	const at = "settings.consents.sign_ups."
	f.add(len(s.Purposes) == 0, at+"purposes", "must name the purposes that forms may ask for; leave sign_ups out where there are no forms")
	f.add(s.ExpireDays < 0 || s.ExpireDays > maxExpireDays, at+"expire_days", "must be 1 to 30, or left out")
	f.add(s.RemindDays < 0 || s.RemindDays >= s.Expires(), at+"remind_days", "must be at least 1 and less than expire_days, or left out")
	f.add(s.Thanks != "" && !isSite(s.Thanks, false), at+"thanks", "must begin with https://, and name a page of yours")
	for _, origin := range s.Origins {
		f.add(!isSite(origin, true), at+"origins", "must be sites such as https://www.example.com, without a path: "+origin)
	}
}

// hostForm is the host of a site: nothing that would mean more in a header.
var hostForm = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]{1,5})?$`)

// isSite says whether a text is the address of a page behind https, or, bare, of a whole site. A site on this machine may go without.
func isSite(text string, bare bool) bool {
	u, err := url.Parse(text)
	if err != nil || !hostForm.MatchString(u.Host) || u.User != nil || u.Fragment != "" {
		return false
	}
	if bare && text != u.Scheme+"://"+u.Host {
		return false
	}
	local := slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && local
}
