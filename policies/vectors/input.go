package vectors

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/privacy-docket/docket/privacy"
)

// longestPeriod bounds what is counted day by day.
const longestPeriod = 10_000

// input reads the values of one vector and collects what is wrong with them, so that a rule reads straight on.
type input struct {
	values map[string]any
	errs   []error
}

func (in *input) fail(key, format string, args ...any) {
	in.errs = append(in.errs, fmt.Errorf("input %s: %s", key, fmt.Sprintf(format, args...)))
}

func (in *input) err() error { return errors.Join(in.errs...) }

func (in *input) has(key string) bool { return in.values[key] != nil }

// str is the text of the first key that is given; none gives "".
func (in *input) str(keys ...string) string {
	for _, key := range keys {
		if v := in.values[key]; v != nil {
			s, ok := v.(string)
			if !ok {
				in.fail(key, "%v is no text", v)
			}
			return s
		}
	}
	return ""
}

func (in *input) boolean(keys ...string) bool {
	for _, key := range keys {
		if v := in.values[key]; v != nil {
			b, ok := v.(bool)
			if !ok {
				in.fail(key, "%v is neither true nor false", v)
			}
			return b
		}
	}
	return false
}

// count is a whole number from 0 up; ok is false when the key is absent.
func (in *input) count(key string) (n int, ok bool) {
	v := in.values[key]
	if v == nil {
		return 0, false
	}
	number, isNumber := v.(json.Number)
	whole, err := number.Int64()
	if !isNumber || err != nil || whole < 0 {
		in.fail(key, "%v is no whole number from 0 up", v)
		return 0, false
	}
	return int(whole), true
}

func (in *input) texts(key string) []string {
	out := []string{}
	for _, v := range in.list(key) {
		s, ok := v.(string)
		if !ok {
			in.fail(key, "%v is no text", v)
		}
		out = append(out, s)
	}
	return out
}

func (in *input) list(key string) []any {
	v := in.values[key]
	if v == nil {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		in.fail(key, "%v is no list", v)
	}
	return list
}

// period is a length the vector states under one of the units' own keys; ok is false when it states none.
func (in *input) period() (p privacy.Period, ok bool) {
	units := []struct {
		key  string
		unit privacy.Unit
	}{
		{"months", privacy.Months}, {"days", privacy.Days}, {"business_days", privacy.WorkingDays},
		{"working_days", privacy.WorkingDays}, {"weeks", privacy.Weeks}, {"hours", privacy.Hours}, {"years", privacy.Years},
	}
	for _, u := range units {
		if n, given := in.count(u.key); given {
			if n == 0 {
				in.fail(u.key, "a period of nothing")
			}
			if n > longestPeriod {
				in.fail(u.key, "%d is longer than any law's period", n)
				return privacy.Period{}, false
			}
			return privacy.Period{Count: n, Unit: u.unit}, true
		}
	}
	return privacy.Period{}, false
}
