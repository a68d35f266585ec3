package main

import "errors"

// exitError carries the exit status a command chose; every other error ends with status 1. Without an err the command has
// said everything itself.
type exitError struct {
	status int
	err    error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func exitCode(err error) int {
	var e *exitError
	if errors.As(err, &e) {
		return e.status
	}
	return 1
}
