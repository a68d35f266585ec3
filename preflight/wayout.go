package preflight

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/privacy-docket/docket/privacy"
)

// wayOut is a link by which the recipient could unsubscribe.
type wayOut struct {
	where   string
	href    string
	saw     string
	why     string // why it cannot be seen; empty when it can
	dead    string // why it leads nowhere; empty when it leads somewhere
	clarity clarity
	text    bool // it stands in a text part
}

func (w wayOut) seen() bool { return w.why == "" }

// generic are texts of links that say nothing by themselves; the sentence around them does.
var generic = regexp.MustCompile(`(?i)^\W*(click |klicken sie |klick |cliquez |haga |haz )?(here|hier|ici|clic aquí|aquí|this link|diesen link|dieser link|ce lien|este enlace|link|lien|enlace)\W*$`)

// waysOut finds the links of every part that are about a topic.
func (e *exam) waysOut(topic privacy.MailTopic) []wayOut {
	var found []wayOut
	for _, p := range e.message.pages {
		for i, l := range p.links {
			if e.about(topic, l) {
				found = append(found, wayOut{
					where: fmt.Sprintf("HTML, link %d", i+1), href: l.href, saw: l.text, why: l.why, dead: leadsNowhere(l.href), clarity: l.clarity,
				})
			}
		}
	}
	for _, t := range e.message.texts {
		found = append(found, e.waysOutOfText(topic, t)...)
	}
	return found
}

// about reports whether the text of a link is about a topic, or the short paragraph around one that only says "here".
func (e *exam) about(topic privacy.MailTopic, l *link) bool {
	if e.speaks(topic, l.text) {
		return true
	}
	return generic.MatchString(plain(l.text)) && e.speaks(topic, l.around)
}

// address finds addresses of the web and of mail in a text.
var address = regexp.MustCompile(`(?i)\b(?:https?://|mailto:)[^\s<>"]+|<[^\s<>@]+@[^\s<>]+>|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b`)

// placeholder is what programs that send campaigns replace before a message goes out.
var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}|\*\|[^|]*\|\*|%%[^%]+%%|\[\[[^\]]*\]\]|\{%[^%]*%\}|<%[^%]*%>|\$\{[^}]*\}|%recipient\.[^%]*%`)

// waysOutOfText finds lines about a topic that have an address in them, or beside them.
func (e *exam) waysOutOfText(topic privacy.MailTopic, text string) []wayOut {
	var found []wayOut
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !e.speaks(topic, line) {
			continue
		}
		w := wayOut{where: fmt.Sprintf("text, line %d", i+1), saw: line, text: true}
		for _, near := range []int{i, i + 1, i - 1, i + 2} {
			if near < 0 || near >= len(lines) {
				continue
			}
			if w.href = address.FindString(lines[near]); w.href != "" {
				w.dead = leadsNowhere(strings.TrimRight(w.href, ".,;:)]"))
				found = append(found, w)
				break
			}
			if mark := placeholder.FindString(lines[near]); mark != "" {
				w.href, w.dead = mark, "it is a placeholder that was not filled in"
				found = append(found, w)
				break
			}
		}
	}
	return found
}

// leadsNowhere says why an address cannot be followed; empty when it can.
func leadsNowhere(href string) string {
	decoded, err := url.PathUnescape(href)
	if err != nil {
		decoded = href
	}
	if placeholder.MatchString(decoded) {
		return "it is a placeholder that was not filled in"
	}
	u, err := url.Parse(href)
	switch {
	case err != nil:
		return "it is no address"
	case href == "" || strings.HasPrefix(href, "#"):
		return "it has no address"
	case u.Scheme == "mailto" && strings.Contains(u.Opaque, "@"), strings.Contains(href, "@") && u.Scheme == "":
		return ""
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "it is no address of the web or of mail"
	case reserved(u.Hostname()):
		return shown(u.Hostname()) + " cannot be reached by recipients"
	}
	return ""
}

// reserved reports whether a host is only reached from the sender's own machine.
func reserved(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") || strings.HasPrefix(host, "127.") || host == "::1" || !strings.ContainsAny(host, ".:")
}
