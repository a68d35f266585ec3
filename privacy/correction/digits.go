package correction

import (
	"regexp"
	"strconv"
	"strings"
)

// exact are types of numbers that keep so many digits, and so many of them behind the point, as PostgreSQL, MySQL and MariaDB name them.
var exact = regexp.MustCompile(`^(?:numeric|decimal)\(\s*([0-9]+)\s*(?:,\s*([0-9]+)\s*)?\)`)

// whole are types of whole numbers.
var whole = regexp.MustCompile(`^(?:small|big|medium|tiny)?int(?:eger)?(?:[248])?(?:\([0-9]+\))?(?: unsigned| zerofill)*$`)

// digits is how many digits a field keeps before the point, and behind it.
type digits struct{ before, behind int }

// keeps says how many digits a type keeps; not ok where its name does not say.
func keeps(kind string) (d digits, ok bool) {
	kind = strings.ToLower(strings.TrimSpace(kind))
	if whole.MatchString(kind) {
		return digits{before: maxDigits}, true
	}
	found := exact.FindStringSubmatch(kind)
	if found == nil {
		return digits{}, false
	}
	precision, err := strconv.Atoi(found[1])
	if err != nil {
		return digits{}, false
	}
	scale := 0
	if found[2] != "" {
		if scale, err = strconv.Atoi(found[2]); err != nil {
			return digits{}, false
		}
	}
	return digits{before: max(0, precision-scale), behind: scale}, true
}

// maxDigits is more than any whole number has; how large it may be its system says.
const maxDigits = 1000

// number is one that is written out.
var number = regexp.MustCompile(`^[+-]?0*([0-9]*)(?:\.([0-9]*?)0*)?$`)

// room says why a number is not kept as it stands; "" when it is. A database would round it without a word, and something else would stand there than
// was decided.
func room(kind, value string) string {
	d, ok := keeps(kind)
	if !ok {
		return ""
	}
	parts := number.FindStringSubmatch(value)
	switch {
	case parts == nil:
		return "must be written out, as 1200 or 12.50"
	case len(parts[2]) > d.behind && d.behind == 0:
		return "has decimals, and the field takes whole numbers; give one"
	case len(parts[2]) > d.behind:
		return "has " + strconv.Itoa(len(parts[2])) + " decimals and the field keeps " + strconv.Itoa(d.behind) + "; give as many"
	case len(parts[1]) > d.before:
		return "has " + strconv.Itoa(len(parts[1])) + " digits before the point and the field keeps " + strconv.Itoa(d.before) + "; give a smaller one"
	}
	return ""
}
