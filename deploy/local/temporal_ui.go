package local

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// webUI runs Temporal's web page. The browser, not the page's server, calls the codec endpoint.
type webUI struct {
	opts     Options
	port     int
	url      string
	temporal string
	path     string // of the program; found by prepare
}

func (u *webUI) dir() string { return filepath.Join(u.opts.Dir, string(TemporalUI)) }

func (u *webUI) prepare(context.Context) error {
	var err error
	if u.path, err = u.opts.find(temporalUI); err != nil {
		return err
	}
	if err := os.MkdirAll(u.dir(), 0o700); err != nil {
		return fmt.Errorf("make the page's folder: %w", err)
	}
	config, err := yaml.Marshal(map[string]any{
		"temporalGrpcAddress": u.temporal,
		"host":                host,
		"port":                u.port,
		"enableUi":            true,
		"defaultNamespace":    namespace,
		"disableNewsFetch":    true,
		"notifyOnNewVersion":  false,
		"cors":                map[string]any{"allowOrigins": []string{u.url}, "cookieInsecure": true},
		"codec":               map[string]any{"endpoint": u.opts.CodecEndpoint},
	})
	if err != nil {
		return fmt.Errorf("encode the page's configuration: %w", err)
	}
	if err := os.WriteFile(filepath.Join(u.dir(), "docket.yaml"), config, 0o600); err != nil {
		return fmt.Errorf("write the page's configuration: %w", err)
	}
	return nil
}

func (u *webUI) command() command {
	return command{path: u.path, args: []string{"--root", u.dir(), "--config", ".", "--env", "docket", "start"}, dir: u.dir()}
}

func (u *webUI) probe(ctx context.Context) error { return probePage(ctx, u.url+"/api/v1/settings") }

func (u *webUI) furnish(context.Context) error { return nil }

// probePage expects a page to answer with 200.
func probePage(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", url, response.Status)
	}
	return nil
}
