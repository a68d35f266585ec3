package pages

import (
	"fmt"
	"math"
	"strconv"
)

// shade is a colour of the screen.
type shade struct{ r, g, b float64 }

// The grounds that pages have by day and by night, as style.css says.
var (
	dayGround   = shade{1, 1, 1}
	nightGround = shade{0x14 / 255.0, 0x17 / 255.0, 0x1a / 255.0}
	black       = shade{}
	white       = shade{1, 1, 1}
)

// readableContrast is what text needs against its ground (WCAG 2.2, 1.4.3).
const readableContrast = 4.5

// ownColours is the style that gives pages the tenant's colour: buttons have it as it is, with words that can be read on
// it; links and outlines have the nearest shade of it that can be read on the page.
func ownColours(colour string) (string, error) {
	own, err := readShade(colour)
	if err != nil {
		return "", err
	}
	set := func(ground, towards shade) string {
		return fmt.Sprintf(":root { --accent: %s; --button: %s; --on-button: %s; }", own.towards(towards, ground), own, own.words())
	}
	return set(dayGround, black) + "\n@media (prefers-color-scheme: dark) { " + set(nightGround, white) + " }\n", nil
}

func readShade(text string) (shade, error) {
	if len(text) != 7 || text[0] != '#' {
		return shade{}, fmt.Errorf("a colour is written as #rrggbb")
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return shade{}, fmt.Errorf("a colour is written as #rrggbb")
	}
	return shade{float64(n>>16) / 255, float64(n>>8&0xff) / 255, float64(n&0xff) / 255}, nil
}

// String writes the colour as CSS does.
func (s shade) String() string {
	channel := func(c float64) int { return int(math.Round(c * 255)) }
	return fmt.Sprintf("#%02x%02x%02x", channel(s.r), channel(s.g), channel(s.b))
}

// towards mixes the colour with another until it can be read on the ground.
func (s shade) towards(end, ground shade) shade {
	const steps = 20
	for i := range steps {
		if mixed := s.mix(end, float64(i)/steps); contrast(mixed, ground) >= readableContrast {
			return mixed
		}
	}
	return end
}

func (s shade) mix(end shade, part float64) shade {
	between := func(from, to float64) float64 { return from + (to-from)*part }
	return shade{between(s.r, end.r), between(s.g, end.g), between(s.b, end.b)}
}

// words is the colour of words on this one: black or white always reaches the contrast.
func (s shade) words() shade {
	if contrast(s, white) >= readableContrast {
		return white
	}
	return black
}

// contrast is the ratio that WCAG 2.2 defines.
func contrast(a, b shade) float64 {
	bright, dark := a.luminance(), b.luminance()
	if bright < dark {
		bright, dark = dark, bright
	}
	return (bright + 0.05) / (dark + 0.05)
}

func (s shade) luminance() float64 {
	linear := func(c float64) float64 {
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(s.r) + 0.7152*linear(s.g) + 0.0722*linear(s.b)
}
