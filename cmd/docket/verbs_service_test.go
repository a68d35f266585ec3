package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/sample"
)

// A service behind HTTP is added, shown without its secrets, and changed; a fault in its document is told with its line.
func TestServicesOnTheCommandLine(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	s, err := sample.NewsletterAnnotation("https://api.newsletter.example")
	require.NoError(t, err)
	document, declaration := d.write("service.yml", string(s.ServiceYAML)), d.write("declaration.yml", string(s.DeclarationYAML))
	broken := d.write("broken.yml", strings.Replace(string(s.ServiceYAML), "kind: bearer", "kind: beaver", 1))
	create := func(service string) []string {
		return []string{"system", "create", "--key", sample.Newsletter, "--name", "Newsletter", "--kind", "http", "--service", service, "--declaration", declaration,
			"--target", "@" + d.write("secrets", "token=canary-reads\n"), "--change-target", "@" + d.write("more", "token=canary-changes\n")}
	}
	require.ErrorContains(t, d.fails(create(broken)...), "service:4")
	require.ErrorContains(t, d.fails(create("/nowhere")...), "--service")
	system := answer[client.System](d, create(document)...)
	require.Equal(t, "https://api.newsletter.example/v1", system.Address)
	require.True(t, system.Changes)
	shown := d.run("system", "show", sample.Newsletter)
	require.NoError(t, shown.err)
	require.Contains(t, shown.out+shown.errs, "path: /subscribers/<row.id>")
	require.NotContains(t, shown.out+shown.errs, "canary")
	d.ok("system", "change", sample.Newsletter, "--service", d.write("other.yml", strings.Replace(string(s.ServiceYAML), "100/second", "10/second", 1)))
	require.ErrorContains(t, d.fails("system", "change", sample.Newsletter, "--service", d.write("elsewhere.yml", strings.Replace(string(s.ServiceYAML), "api.newsletter.example", "evil.example", 1))), "another host")
}
