package packaging

import (
	"fmt"
	"strings"
)

// names gives out file names that are safe on every system and differ even where case does not count.
type names struct{ taken map[string]bool }

// claim makes a path from folder, name and extension and never gives the same one twice.
func (n *names) claim(folder, name, extension string) string {
	base := folder + "/" + slug(name)
	path := base + extension
	for i := 2; n.taken[strings.ToLower(path)]; i++ {
		path = fmt.Sprintf("%s-%d%s", base, i, extension)
	}
	n.taken[strings.ToLower(path)] = true
	return path
}

// reserved are names that Windows keeps for devices.
const reserved = " con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 "

// slug keeps ASCII letters, digits, '-', '_' and inner dots; anything else becomes '_'.
func slug(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.':
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	s := strings.Trim(b.String(), ".")
	if len(s) > 80 {
		s = strings.TrimRight(s[:80], ".")
	}
	first, _, _ := strings.Cut(s, ".")
	if s == "" || strings.Contains(reserved, " "+strings.ToLower(first)+" ") {
		return "_" + s
	}
	return s
}
