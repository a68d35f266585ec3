package consent_test

import (
	"bytes"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

func someLink() consent.Link {
	return consent.Link{
		Tenant: uuid.MustParse("0197a0d8-0000-7000-8000-000000000001"), Person: uuid.MustParse("0197a0d8-0000-7000-8000-000000000002"),
		Kind: consent.LinkUnsubscribe, Key: 7, Purpose: 3, Channel: privacy.ByEmail, Day: privacy.NewDate(2026, 3, 2), List: "spring-2026",
	}
}

// What is written is read back, and stays under 120 characters.
func TestLinksAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := someLink()
		l.Kind = rapid.SampledFrom([]consent.LinkKind{consent.LinkUnsubscribe, consent.LinkPreferences}).Draw(t, "kind")
		l.Key, l.Purpose = rapid.Uint16Min(1).Draw(t, "key"), rapid.Int32Min(0).Draw(t, "purpose")
		l.Channel = rapid.SampledFrom(privacy.MessageChannels()).Draw(t, "channel")
		l.Day = privacy.NewDate(2020, 1, 1).AddDays(rapid.IntRange(0, 1<<16-1).Draw(t, "day"))
		l.List = rapid.StringMatching(`[A-Za-z0-9._-]{0,20}`).Draw(t, "list")
		payload, err := l.Payload()
		require.NoError(t, err)
		mark := bytes.Repeat([]byte{9}, consent.LinkMarkSize)
		token := consent.LinkToken(payload, mark)
		require.Less(t, len(token), 120)
		got, signed, marked, err := consent.ParseLink(token)
		require.NoError(t, err)
		require.Equal(t, l, got)
		require.Equal(t, payload, signed)
		require.Equal(t, mark, marked)
	})
}

func TestWhatNoLinkCanSay(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*consent.Link){
		"no tenant": func(l *consent.Link) { l.Tenant = uuid.Nil }, "no person": func(l *consent.Link) { l.Person = uuid.Nil },
		"no kind": func(l *consent.Link) { l.Kind = 0 }, "another kind": func(l *consent.Link) { l.Kind = 4 }, "no key": func(l *consent.Link) { l.Key = 0 },
		"purpose": func(l *consent.Link) { l.Purpose = -1 }, "channel": func(l *consent.Link) { l.Channel = "pigeon" },
		"too early": func(l *consent.Link) { l.Day = privacy.NewDate(2019, 12, 31) }, "too late": func(l *consent.Link) { l.Day = privacy.NewDate(2200, 1, 1) },
		"long list": func(l *consent.Link) { l.List = "abcdefghijklmnopqrstu" }, "blank in it": func(l *consent.Link) { l.List = "a b" },
	} {
		l := someLink()
		change(&l)
		_, err := l.Payload()
		require.ErrorIs(t, err, consent.ErrLink, name)
	}
}

// A link confirms for thirty days from the day of sending.
func TestLinksConfirmForThirtyDays(t *testing.T) {
	t.Parallel()
	l := someLink()
	require.True(t, l.Confirms(l.Day))
	require.True(t, l.Confirms(l.Day.AddDays(30)))
	require.False(t, l.Confirms(l.Day.AddDays(31)))
}

// A pause stands against every yes but that to what somebody gets because of what they did, and leaves a no as it is.
func TestPaused(t *testing.T) {
	t.Parallel()
	day := privacy.NewDate(2026, 3, 2)
	yes, no := consent.Decision{Allowed: true, Reason: consent.ByExpress}, consent.Decision{Reason: consent.WasWithdrawn}
	ask := consent.Ask{Day: day, Class: privacy.Commercial}
	got := consent.Paused(yes, ask, day.AddDays(1))
	require.Equal(t, consent.Decision{Reason: consent.OnPause, PausedUntil: day.AddDays(1)}, got)
	require.Equal(t, []consent.Remedy{consent.AwaitEnd}, got.Reason.Remedies())
	require.Equal(t, yes, consent.Paused(yes, ask, day), "it ends on the day")
	require.Equal(t, yes, consent.Paused(yes, ask, privacy.Date{}))
	require.Equal(t, no, consent.Paused(no, ask, day.AddDays(1)))
	ask.Class = privacy.Transactional
	require.Equal(t, yes, consent.Paused(yes, ask, day.AddDays(1)))
}

// What is read as a link is one that can be written, in this one way.
func FuzzParseLink(f *testing.F) {
	payload, err := someLink().Payload()
	require.NoError(f, err)
	f.Add(consent.LinkToken(payload, bytes.Repeat([]byte{1}, consent.LinkMarkSize)))
	f.Add(consent.LinkToken(payload[:len(payload)-11], bytes.Repeat([]byte{0xff}, consent.LinkMarkSize)))
	f.Add("")
	f.Add("AA==\n")
	f.Fuzz(func(t *testing.T, token string) {
		link, payload, mark, err := consent.ParseLink(token)
		if err != nil {
			require.ErrorIs(t, err, consent.ErrLink)
			return
		}
		again, err := link.Payload()
		require.NoError(t, err)
		require.Equal(t, payload, again)
		require.Equal(t, token, consent.LinkToken(again, mark))
		require.Less(t, len(token), 120)
	})
}
