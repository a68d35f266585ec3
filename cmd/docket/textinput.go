package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// maxText bounds what is read as one text, in bytes. The server's own bounds are tighter.
const maxText = 1 << 20

// historyWarning stands in the help of every command that takes personal data.
const historyWarning = "What is given in flags lands in the shell's history and in the list of processes. Keep personal data\nout of them: use a file or standard input."

// addTextFlag adds a flag for a longer text.
func addTextFlag(cmd *cobra.Command, to *string, name, what string) {
	cmd.Flags().StringVar(to, name, "", what+"; @FILE reads a file, - reads standard input")
}

// text gives what a text flag stands for.
func (s *session) text(name, value string) (string, error) {
	var text string
	var err error
	switch {
	case value == "-":
		text, err = s.standardInput()
	case strings.HasPrefix(value, "@"):
		text, err = s.file(value[1:])
	default:
		return value, nil
	}
	if err != nil {
		return "", fmt.Errorf("--%s: %w", name, err)
	}
	if text = strings.TrimRight(text, "\r\n"); strings.TrimSpace(text) == "" {
		return "", fmt.Errorf("--%s: there is no text in what was read", name)
	}
	return text, nil
}

// content reads a whole file, or standard input for "-".
func (s *session) content(path string) (string, error) {
	if path == "-" {
		return s.standardInput()
	}
	return s.file(path)
}

func (s *session) standardInput() (string, error) {
	if s.texted {
		return "", errors.New("standard input was read already: only one text can come from it")
	}
	s.texted = true
	if s.asks {
		_, _ = fmt.Fprintln(s.errs, "Reading from the terminal; end with Ctrl-D on a line of its own.")
	}
	return readText(s.in)
}

func (s *session) file(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the text: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	return readText(file)
}

func readText(r io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err != nil {
		return "", fmt.Errorf("read the text: %w", err)
	}
	if len(text) > maxText {
		return "", errors.New("the text is larger than 1 MiB")
	}
	return string(text), nil
}
