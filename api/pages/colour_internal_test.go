package pages

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Whatever colour a tenant has, its buttons and links can be read by day and by night.
func TestOwnColoursCanBeRead(t *testing.T) {
	t.Parallel()
	values := regexp.MustCompile(`--accent: (#\w{6}); --button: (#\w{6}); --on-button: (#\w{6});`)
	rapid.Check(t, func(r *rapid.T) {
		colour := fmt.Sprintf("#%06x", rapid.IntRange(0, 0xffffff).Draw(r, "colour"))
		css, err := ownColours(colour)
		require.NoError(r, err)
		found := values.FindAllStringSubmatch(css, -1)
		require.Len(r, found, 2)
		for i, ground := range []shade{dayGround, nightGround} {
			accent, button, on := mustShade(r, found[i][1]), mustShade(r, found[i][2]), mustShade(r, found[i][3])
			require.Equal(r, colour, button.String())
			require.GreaterOrEqual(r, contrast(accent, ground), 4.45, "rounding to a byte costs a little")
			require.GreaterOrEqual(r, contrast(button, on), readableContrast)
		}
	})
	for _, text := range []string{"", "red", "#12345", "#12345g", "#1234567"} {
		_, err := ownColours(text)
		require.Error(t, err, text)
	}
}

func mustShade(t require.TestingT, text string) shade {
	s, err := readShade(text)
	require.NoError(t, err)
	return s
}

// The examples of WCAG 2.2: black on white is 21, a colour on itself 1.
func TestContrast(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 21, contrast(black, white), 0.001)
	require.InDelta(t, 1, contrast(white, white), 0.001)
	grey, err := readShade("#767676")
	require.NoError(t, err)
	require.InDelta(t, 4.54, contrast(grey, white), 0.01)
}
