package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/privacy-docket/docket/client"
)

// connect finds the server and the key: in the environment, and without one on the local stack. The local stack's key
// is given to the local stack alone.
func (v *verbs) connect(errs io.Writer) (*client.Client, error) {
	config := client.Config{URL: v.getenv("DOCKET_URL"), PlainHTTP: v.getenv("DOCKET_PLAIN_HTTP") == "1"}
	var err error
	if config.Key, err = v.apiKey(); err != nil {
		return nil, err
	}
	if config.URL == "" {
		if err := v.connectLocal(&config, errs); err != nil {
			return nil, err
		}
	}
	if config.Key == "" {
		return nil, errors.New("DOCKET_API_KEY is not set: give the key in it, or in DOCKET_API_KEY_FILE the file that holds it")
	}
	c, err := client.New(config)
	if err != nil {
		return nil, fmt.Errorf("%w (DOCKET_URL, DOCKET_API_KEY; DOCKET_PLAIN_HTTP=1 allows http)", err)
	}
	return c, nil
}

func (v *verbs) apiKey() (string, error) {
	file := v.getenv("DOCKET_API_KEY_FILE")
	if key := v.getenv("DOCKET_API_KEY"); key != "" || file == "" {
		return key, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("DOCKET_API_KEY_FILE: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// connectLocal fills in what the local stack knows, and says so.
func (v *verbs) connectLocal(config *client.Config, errs io.Writer) error {
	dir := v.stateFolder()
	p, err := readLocalProduct(dir)
	if err != nil {
		return err
	}
	if p.Port == 0 {
		return fmt.Errorf("DOCKET_URL is not set and there is no local stack in %s: give the server's address in DOCKET_URL and a key in DOCKET_API_KEY", dir)
	}
	config.URL = p.address()
	whose := "the key in DOCKET_API_KEY"
	if config.Key == "" {
		config.Key, whose = p.AdminKey, "its administrator's key"
	}
	if config.Key == "" {
		return fmt.Errorf("the local stack in %s has no administrator's key yet: make one with docket tenant create or docket tenant key, and give it in DOCKET_API_KEY", dir)
	}
	_, err = fmt.Fprintf(errs, "Using the local stack in %s (%s) with %s.\n", dir, config.URL, whose)
	return err
}

// stateFolder is the folder of the local stack.
func (v *verbs) stateFolder() string {
	if dir := v.getenv("DOCKET_STATE"); dir != "" {
		return dir
	}
	return ".docket"
}
