package main

import (
	"net/netip"
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

func TestNetworksOfServices(t *testing.T) {
	t.Setenv("DOCKET_SERVICES_NETWORKS", "10.20.0.0/16,fd00:1::/48")
	s, err := readSettings()
	require.NoError(t, err)
	require.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fd00:1::/48")}, s.ServicesNetworks)
	t.Setenv("DOCKET_SERVICES_NETWORKS", "everywhere")
	_, err = readSettings()
	require.ErrorContains(t, err, "ServicesNetworks")
}

func TestAddressesThatCannotBeOne(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"https://privacy.example.com": true, "http://127.0.0.1:8080": true, "https://example.com/privacy": true,
		"privacy.example.com": false, "https://": false, "ftp://example.com": false, "https://user@example.com": false,
		"https://example.com?x=1": false, "https://example.com#x": false, "": false, "https://:443": false,
	} {
		err := checkPublicURL(address)
		require.Equal(t, good, err == nil, "%q: %v", address, err)
	}
	for address, good := range map[string]bool{
		"https://key:secret@store:9000/bucket": true, "http://key:secret@store/bucket": true, "s3://key:secret@store/bucket": false,
		"https://store/bucket": false, "https://key:secret@store": false, "https://key:secret@/bucket": false,
	} {
		_, err := objectsConfig(address)
		require.Equal(t, good, err == nil, "%q: %v", address, err)
	}
}
