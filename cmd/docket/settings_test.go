package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsInForceIsShownWithoutSecrets(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"":                                     "",
		"postgres://docket:secret@db/register": "postgres://docket:xxxxx@db/register",
		"postgres://docket@db/register?sslmode=require&password=secret": "postgres://docket@db/register?password=xxxxx&sslmode=require",
		"host=db user=docket password=secret":                           "(set, and no URL that could be shown)",
		"smtp://user:secret@mail:25?tls=none#secret":                    "smtp://user:xxxxx@mail:25?tls=none",
		"postgres://%zz:secret@db":                                      "(set, and no URL that could be shown)",
	} {
		require.Equal(t, want, masked(address))
	}
}
