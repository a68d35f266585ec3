package preflight

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// color is a colour of sRGB, each part from 0 to 1; a is how far it covers what is behind it.
type color struct{ r, g, b, a float64 }

var (
	black    = color{0, 0, 0, 1}
	white    = color{1, 1, 1, 1}
	linkBlue = color{0, 0, 238.0 / 255, 1} // of links, where nothing is said
)

// over lays a colour on another.
func (c color) over(behind color) color {
	mix := func(x, y float64) float64 { return x*c.a + y*(1-c.a) }
	return color{mix(c.r, behind.r), mix(c.g, behind.g), mix(c.b, behind.b), 1}
}

// luminance is that of WCAG 2.
func (c color) luminance() float64 {
	linear := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

// contrast is that of WCAG 2, from 1 (none) to 21 (black on white).
func contrast(x, y color) float64 {
	a, b := x.luminance(), y.luminance()
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

// parseColor reads a colour of CSS: a name, #rgb, #rrggbb, both with a fourth part, rgb() and rgba().
func parseColor(text string) (color, bool) {
	text = strings.TrimSpace(text)
	switch {
	case text == "transparent":
		return color{}, true
	case strings.HasPrefix(text, "#"):
		return hexColor(text[1:])
	case strings.HasPrefix(text, "rgb"):
		return functionColor(text)
	}
	named, known := colornames.Map[text]
	return color{float64(named.R) / 255, float64(named.G) / 255, float64(named.B) / 255, 1}, known
}

func hexColor(digits string) (color, bool) {
	if len(digits) == 3 || len(digits) == 4 {
		var wide strings.Builder
		for _, d := range digits {
			wide.WriteString(strings.Repeat(string(d), 2))
		}
		digits = wide.String()
	}
	if len(digits) == 6 {
		digits += "ff"
	}
	value, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) != 8 {
		return color{}, false
	}
	part := func(shift int) float64 { return float64(value>>shift&0xff) / 255 }
	return color{part(24), part(16), part(8), part(0)}, true
}

// functionColor reads rgb(1,2,3), rgba(1,2,3,.5) and their forms with blanks and percents.
func functionColor(text string) (color, bool) {
	_, inner, opened := strings.Cut(text, "(")
	inner, closed := strings.CutSuffix(inner, ")")
	if !opened || !closed {
		return color{}, false
	}
	fields := strings.FieldsFunc(inner, func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
	if len(fields) != 3 && len(fields) != 4 {
		return color{}, false
	}
	parts := [4]float64{3: 1}
	for i, field := range fields {
		number, percent := strings.CutSuffix(field, "%")
		value, err := strconv.ParseFloat(number, 64)
		if err != nil || math.IsNaN(value) {
			return color{}, false
		}
		switch {
		case percent:
			value /= 100
		case i < 3:
			value /= 255
		}
		parts[i] = min(max(value, 0), 1)
	}
	return color{parts[0], parts[1], parts[2], parts[3]}, true
}

// firstColor finds the colour in the value of background.
func firstColor(value string) (color, bool) {
	if c, ok := parseColor(value); ok {
		return c, true
	}
	for _, field := range strings.Fields(value) {
		if c, ok := parseColor(field); ok {
			return c, true
		}
	}
	return color{}, false
}
