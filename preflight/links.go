package preflight

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/privacy-docket/docket/privacy"
)

// outLinks are the addresses of the links to unsubscribe.
func (e *exam) outLinks() []string {
	var all []string
	for _, w := range e.waysOut(privacy.AboutUnsubscribing) {
		all = append(all, w.href)
	}
	return all
}

// showsAddress is a text of a link that is an address itself.
var showsAddress = regexp.MustCompile(`(?i)^(?:https?://)?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})(?:[/?#:]\S*)?$`)

// checkLinks looks at links that show one address and lead to another, and at those that report who clicks.
func checkLinks(e *exam) {
	var other, tracked, sure []string
	for _, p := range e.message.pages {
		for i, l := range p.links {
			where := fmt.Sprintf("HTML, link %d", i+1)
			u, err := url.Parse(l.href)
			if err != nil || u.Hostname() == "" {
				continue
			}
			if shows := showsAddress.FindStringSubmatch(plain(l.seen)); shows != nil && organisation(strings.ToLower(shows[1])) != organisation(strings.ToLower(u.Hostname())) {
				other = append(other, where+" shows "+shown(shows[1])+" and leads to "+shown(u.Hostname()))
			}
			switch redirects := e.tracks(privacy.TracksClicking, u); {
			case redirects:
				sure = append(sure, where+" leads through "+shown(u.Hostname()))
			case carriesAddress(u):
				tracked = append(tracked, where+" leads through "+shown(u.Hostname()))
			}
		}
	}
	if len(other) > 0 {
		e.find(ruleOtherDomain, told{where: firstOf(other), reason: several(other)})
	}
	e.tracking(ruleTrackingLink, append(sure, tracked...), len(sure) == 0)
}

// tracks reports whether an address looks like one that reports an opening or a click.
func (e *exam) tracks(kind privacy.MailTrackingKind, u *url.URL) bool {
	place := strings.ToLower(u.Hostname()) + u.EscapedPath()
	if u.RawQuery != "" {
		place += "?"
	}
	for _, t := range e.rules.Trackers {
		if t.Kind != kind {
			continue
		}
		if _, found := t.Pattern.Find(place); found {
			return true
		}
	}
	return false
}

// hands are addresses to which another one is handed for a reason that the reader knows: to share it, or to come back after signing in.
var hands = regexp.MustCompile(`(?i)share|intent|submit|login|signin|sign-in|oauth|calendar|translate`)

// carriesAddress reports whether an address holds another one, of another organisation, to which it passes the reader on.
func carriesAddress(u *url.URL) bool {
	if hands.MatchString(u.Hostname() + u.EscapedPath()) {
		return false
	}
	for _, values := range u.Query() {
		for _, value := range values {
			inner, err := url.Parse(value)
			if err == nil && (inner.Scheme == "http" || inner.Scheme == "https") && inner.Hostname() != "" && organisation(strings.ToLower(inner.Hostname())) != organisation(strings.ToLower(u.Hostname())) {
				return true
			}
		}
	}
	return false
}

// tracking finds tracking unless the recipients have agreed to it; without knowing that they have not, it stays a doubt.
func (e *exam) tracking(rule string, places []string, doubt bool) {
	if len(places) == 0 || e.TrackingConsent == TrackingYes {
		return
	}
	reason := several(places) + "; the recipients have not agreed to tracking"
	if e.TrackingConsent == TrackingUnknown {
		reason, doubt = several(places)+"; it is not known whether the recipients have agreed to tracking", true
	}
	e.find(rule, told{where: firstOf(places), reason: reason, doubt: doubt})
}

func firstOf(places []string) string {
	where, _, _ := strings.Cut(places[0], " leads")
	where, _, _ = strings.Cut(where, " shows")
	return where
}

// several names the first place and how many more there are.
func several(places []string) string {
	if len(places) == 1 {
		return places[0]
	}
	return fmt.Sprintf("%s, and %d more", places[0], len(places)-1)
}
