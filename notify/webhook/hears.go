package webhook

import "strings"

// Hears says whether a pattern takes an action: its name, a kind of actions before a star (request.*), or a star for all.
func Hears(pattern, action string) bool {
	kind, open := strings.CutSuffix(pattern, "*")
	return pattern == action || open && strings.HasPrefix(action, kind) && (kind == "" || strings.HasSuffix(kind, "."))
}
