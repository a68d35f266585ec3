package webhook

import "strings"

// ConsentChanged is the type of event that tells of each change of a consent. It is none of the log, which has those that were written together as one, and is asked for by name: a star
// does not stand for it, or a list that is imported would come as thousands of events to whoever wants to hear of everything.
const ConsentChanged = "consent.changed"

// Hears says whether a pattern takes an action: its name, a kind of actions before a star (request.*), or a star for all.
func Hears(pattern, action string) bool {
	kind, open := strings.CutSuffix(pattern, "*")
	return pattern == action || open && strings.HasPrefix(action, kind) && (kind == "" || strings.HasSuffix(kind, "."))
}
