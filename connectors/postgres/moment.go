package postgres

import (
	"strings"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
)

// moment rewrites ISO dates and times to RFC 3339; what has no place there (infinity, years BC) stays as the server writes it.
// Every row may have several of them, so the form that nearly all have is known at sight.
func moment(c relational.Class, s string) connectors.Value {
	switch {
	case c == relational.ClassDate && len(s) == 10 && isDate(s):
		return connectors.LocalTime(s)
	case c == classLocal && len(s) >= 19 && isDate(s[:10]) && isTime(s[10:]):
		return connectors.LocalTime(s[:10] + "T" + s[11:])
	case c == classMoment && len(s) >= 22 && isDate(s[:10]) && isTime(s[10:len(s)-3]) && s[len(s)-3:] == "+00":
		return connectors.LocalTime(s[:10] + "T" + s[11:len(s)-3] + "Z")
	}
	return parsedMoment(c, s)
}

// parsedMoment is moment for every form.
func parsedMoment(c relational.Class, s string) connectors.Value {
	switch c {
	case classMoment:
		if t, err := time.Parse("2006-01-02 15:04:05.999999999-07", s); err == nil {
			return connectors.Time(t)
		}
	case classLocal:
		if _, err := time.Parse("2006-01-02 15:04:05.999999999", s); err == nil {
			return connectors.LocalTime(strings.Replace(s, " ", "T", 1))
		}
	case relational.ClassDate:
		if _, err := time.Parse(time.DateOnly, s); err == nil {
			return connectors.LocalTime(s)
		}
	}
	return connectors.Text(s)
}

// isDate knows a date like 2026-01-31. Days that only some months have are left to the thorough reader.
func isDate(s string) bool {
	return isNumber(s[:4], 9999) && s[4] == '-' && s[5:7] != "00" && isNumber(s[5:7], 12) && s[7] == '-' && s[8:] != "00" && isNumber(s[8:], 28)
}

// isTime knows a time of day like " 09:30:00" or " 09:30:00.25", whose fraction does not end with a zero.
func isTime(s string) bool {
	if len(s) < 9 || s[0] != ' ' || s[3] != ':' || s[6] != ':' || !isNumber(s[1:3], 23) || !isNumber(s[4:6], 59) || !isNumber(s[7:9], 59) {
		return false
	}
	fraction := s[9:]
	return fraction == "" || len(fraction) <= 7 && len(fraction) >= 2 && fraction[0] == '.' && fraction[len(fraction)-1] != '0' && isNumber(fraction[1:], 999_999)
}

// isNumber tells whether a text is all digits and at most so much.
func isNumber(s string, most int) bool {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n <= most
}
