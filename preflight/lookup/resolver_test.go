package lookup_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/preflight/dnstest"
	"github.com/privacy-docket/docket/preflight/lookup"
)

func TestRecordsAreThereOrNotOrNotKnown(t *testing.T) {
	t.Parallel()
	server := dnstest.Start(t)
	long := strings.Repeat("0123456789", 150) // beyond one string, and beyond one packet
	server.Set("a.example.com", "one", long)
	resolver, err := lookup.New(server.Address)
	require.NoError(t, err)

	records, err := resolver.LookupTXT(t.Context(), "a.example.com")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"one", long}, records)

	_, err = resolver.LookupTXT(t.Context(), "b.example.com")
	var failure *net.DNSError
	require.True(t, errors.As(err, &failure) && failure.IsNotFound, "%v", err)

	server.Break(true)
	_, err = resolver.LookupTXT(t.Context(), "a.example.com")
	require.True(t, errors.As(err, &failure) && !failure.IsNotFound, "%v", err)
}

func TestADomainIsOwnedByWhoCanPublishItsRecord(t *testing.T) {
	t.Parallel()
	server := dnstest.Start(t)
	resolver, err := lookup.New(server.Address)
	require.NoError(t, err)
	token, other := preflight.NewDomainToken(), preflight.NewDomainToken()
	require.NotEqual(t, token, other)
	name, value := preflight.DomainRecord("example.com", token)
	require.Equal(t, "_docket.example.com", name)
	owns := func() bool {
		owns, err := preflight.Owns(t.Context(), resolver, "example.com", token)
		require.NoError(t, err)
		return owns
	}
	require.False(t, owns(), "no record")
	_, others := preflight.DomainRecord("example.com", other)
	server.Set(name, others, "v=spf1 -all")
	require.False(t, owns(), "another tenant's record")
	server.Set(name, others, value)
	require.True(t, owns())
	server.Break(true)
	_, err = preflight.Owns(t.Context(), resolver, "example.com", token)
	require.ErrorIs(t, err, preflight.ErrUnknown, "no answer is not an absence")
}

func TestANameServerIsNamedByItsAddress(t *testing.T) {
	t.Parallel()
	for _, server := range []string{"dns.example.com:53", "127.0.0.1", "127.0.0.1:x", ":53"} {
		_, err := lookup.New(server)
		require.ErrorContains(t, err, "as in 127.0.0.1:53", server)
	}
	_, err := lookup.New("[::1]:53")
	require.NoError(t, err)
}
