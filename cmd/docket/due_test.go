package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDueWords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	for left, want := range map[time.Duration]string{
		76 * time.Hour:                  "in 3 days 4 h",
		72 * time.Hour:                  "in 3 days",
		25 * time.Hour:                  "in 1 day 1 h",
		31*24*time.Hour + 14*time.Hour:  "in 31 days",
		5*time.Hour + 20*time.Minute:    "in 5 h 20 min",
		5*time.Hour + 20*time.Second:    "in 5 h",
		40 * time.Minute:                "in 40 min",
		59 * time.Second:                "now",
		0:                               "now",
		-time.Second:                    "overdue by 1 min",
		-48*time.Hour - 10*time.Minute:  "overdue by 2 days",
		-(2*24*time.Hour + 3*time.Hour): "overdue by 2 days 3 h",
	} {
		require.Equal(t, want, dueWords(now.Add(left), now))
	}
}

// What is past is overdue and what is to come is not, whatever the distance.
func TestDueWordsTellPastFromFuture(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		left := time.Duration(rapid.Int64Range(-1<<55, 1<<55).Draw(t, "left"))
		words := dueWords(now.Add(left), now)
		require.Equal(t, left < 0, strings.HasPrefix(words, "overdue by "))
		require.NotContains(t, words, "-")
	})
}
