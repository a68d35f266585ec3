package pages

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// Every language has every key and the same values to fill in; every state, outcome and right has its words.
func TestWords(t *testing.T) {
	t.Parallel()
	words, err := readWords()
	require.NoError(t, err)
	holes := regexp.MustCompile(`\{\w+\}`)
	for _, code := range languages() {
		require.Len(t, words[code], len(words["en"]))
		for key, english := range words["en"] {
			require.NotEmpty(t, words[code][key], "%s: %s", code, key)
			require.ElementsMatch(t, holes.FindAllString(english, -1), holes.FindAllString(words[code][key], -1), "%s: %s", code, key)
			require.NotContains(t, words[code][key], "!", "no exclamation marks")
		}
	}
	for _, state := range privacy.RequestStates() {
		if state.Terminal() {
			continue // it is told by its outcome
		}
		require.NotEmpty(t, words["en"]["state."+string(state)], state)
	}
	for _, key := range ofErasures() {
		require.NotEmpty(t, words["en"]["erasure."+key], key)
	}
	for _, key := range ofContests() {
		require.NotEmpty(t, words["en"]["contest."+key], key)
	}
	for _, state := range []string{"open", "sent", "failed", "refused"} {
		require.NotEmpty(t, words["en"]["transmit.state."+state], state)
	}
	for _, state := range []string{"open", storage.LinkTakenBack, storage.LinkUsedUp, storage.LinkExpired, storage.LinkPackageGone, storage.LinkRestored} {
		require.NotEmpty(t, words["en"]["link.state."+state], state)
	}
	for _, right := range privacy.Rights() {
		require.NotEmpty(t, words["en"]["right."+string(right)], right)
	}
	for _, reason := range ownReasons() {
		require.NotEmpty(t, words["en"]["unsub.reason."+reason], reason)
	}
	for _, by := range privacy.MessageChannels() {
		require.NotEmpty(t, words["en"]["channel."+string(by)], by)
		require.NotEmpty(t, words["en"]["way."+string(by)], by)
	}
	for _, often := range consent.Frequencies() {
		require.NotEmpty(t, words["en"]["often."+string(often)], often)
	}
	for _, outcome := range []privacy.Outcome{privacy.OutcomeFulfilled, privacy.OutcomeRefused, privacy.OutcomeWithdrawn, privacy.OutcomeCancelled, privacy.OutcomeUnverified} {
		require.NotEmpty(t, words["en"]["outcome."+string(outcome)], outcome)
	}
}

// The templates say nothing that is in no catalogue.
func TestTemplatesUseKnownWords(t *testing.T) {
	t.Parallel()
	words, err := readWords()
	require.NoError(t, err)
	var text []byte
	for _, name := range []string{"pages", "own"} {
		part, err := files.ReadFile("templates/" + name + ".html")
		require.NoError(t, err)
		text = append(text, part...)
	}
	found := regexp.MustCompile(`Say "([^"]+)"`).FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, found)
	for _, key := range found {
		require.NotEmpty(t, words["en"][key[1]], key[1])
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	words, err := readWords()
	require.NoError(t, err)
	for _, test := range []struct{ asked, own, accepted, want string }{
		{"de", "fr", "es", "de"}, {"xx", "fr", "es", "fr"}, {"", "", "es-MX,en;q=0.5", "es"}, {"", "", "ja", "en"}, {"", "", ";;;", "en"},
		{"", "", "fr-CH, de;q=0.9", "fr"}, {"", "", "xx, de;q=0.9", "de"},
	} {
		require.Equal(t, test.want, words.choose(test.asked, test.own, test.accepted), "%+v", test)
	}
}
