package preflight

import (
	"math"
	"strconv"
	"strings"
)

// unitPixels is what one of a unit is in pixels (CSS Values 4 s.6.2).
func unitPixels(unit string, letter float64) (float64, bool) {
	switch unit {
	case "px":
		return 1, true
	case "pt":
		return 4.0 / 3, true
	case "pc":
		return 16, true
	case "in":
		return 96, true
	case "cm":
		return 96 / 2.54, true
	case "mm":
		return 96 / 25.4, true
	case "em", "ex", "ch":
		return letter, true
	case "rem":
		return usualSize, true
	case "%":
		return letter / 100, true
	}
	return 0, false
}

// number parts a value into its number and its unit.
func number(value string) (float64, string, bool) {
	end := strings.IndexFunc(value, func(r rune) bool { return r != '.' && r != '-' && r != '+' && (r < '0' || r > '9') })
	if end < 0 {
		end = len(value)
	}
	n, err := strconv.ParseFloat(value[:end], 64)
	return n, value[end:], err == nil && !math.IsInf(n, 0)
}

// length reads a length in pixels; -1 for what is relative to something else, such as auto or 100%.
func length(value string) float64 {
	n, unit, ok := number(value)
	if !ok {
		return -1
	}
	if n == 0 {
		return 0
	}
	factor, known := unitPixels(unit, usualSize)
	if !known || unit == "%" {
		return -1
	}
	return n * factor
}

// fontSize reads the size of letters below letters of another size.
func fontSize(value string, above float64) float64 {
	switch value {
	case "xx-small":
		return 9
	case "x-small":
		return 10
	case "small":
		return 13
	case "medium":
		return usualSize
	case "large":
		return 18
	case "x-large":
		return 24
	case "smaller":
		return above / 1.2
	case "larger":
		return above * 1.2
	}
	n, unit, ok := number(value)
	if !ok || n < 0 {
		return above
	}
	if n == 0 {
		return 0
	}
	factor, known := unitPixels(unit, above)
	if !known {
		return above
	}
	return n * factor
}
