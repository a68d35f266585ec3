package connectors

import (
	"errors"
	"fmt"
	"strings"
)

// Code says what went wrong, for programs. Each code is an error that errors.Is finds.
type Code string

// Error writes the code.
func (c Code) Error() string { return string(c) }

// The codes. The first group is the operator's to mend, the second is the annotation's or the table's, the third may pass by itself.
const (
	ErrDSN         Code = "dsn-malformed"
	ErrUnreachable Code = "unreachable"
	ErrCredentials Code = "credentials-refused"
	ErrDatabase    Code = "database-missing"
	ErrPrivilege   Code = "privilege-missing"
	ErrWritable    Code = "role-may-write"
	ErrReadOnly    Code = "role-may-not-write"

	ErrTable       Code = "table-missing"
	ErrColumn      Code = "column-missing"
	ErrType        Code = "type-mismatch"
	ErrVanished    Code = "vanished"
	ErrTooManyKeys Code = "too-many-keys"
	ErrTooLarge    Code = "row-too-large"
	ErrSelection   Code = "selection-invalid"
	ErrCursor      Code = "cursor-invalid"
	ErrConstraint  Code = "constraint-refuses"
	ErrDocument    Code = "document-invalid"
	ErrAnswer      Code = "answer-invalid"

	ErrTimeout Code = "timeout"
	ErrBusy    Code = "busy"
	ErrServer  Code = "server"
)

// Error is the one type of error a connector returns. No part of it holds a value from a row, a password or an identity.
type Error struct {
	Code Code
	// Where names the collection or column, when it is about one.
	Where string
	What  string
	Do    string
	// cause is kept only when it can't hold personal data: a context's error, the sink's own.
	cause error
}

// Error writes where, what and what to do.
func (e *Error) Error() string {
	s := e.What
	if e.Where != "" {
		s = e.Where + ": " + s
	}
	if e.Do != "" {
		s += "; " + e.Do
	}
	return s
}

// Unwrap gives the code, and the cause when there is one.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Code}
	}
	return []error{e.Code, e.cause}
}

// Wrap keeps a cause that is known to hold no personal data.
func (e *Error) Wrap(cause error) *Error {
	e.cause = cause
	return e
}

// Temporary reports whether trying again later, unchanged, can help.
func Temporary(err error) bool {
	for _, c := range []Code{ErrUnreachable, ErrTimeout, ErrBusy, ErrServer} {
		if errors.Is(err, c) {
			return true
		}
	}
	return false
}

// Findings is all that a Test found wrong.
type Findings []*Error

// Or is what a trial answers: the findings, unless something kept everything else from being tried, which is a finding where a connector said it.
func (fs Findings) Or(err error) error {
	var one *Error
	switch {
	case errors.As(err, &one):
		return Findings{one}
	case err != nil:
		return err
	case len(fs) > 0:
		return fs
	}
	return nil
}

// Error lists the findings, one per line.
func (fs Findings) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = fmt.Sprintf("%s: %s", f.Code, f.Error())
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.Is look for a code among the findings.
func (fs Findings) Unwrap() []error {
	errs := make([]error, len(fs))
	for i, f := range fs {
		errs[i] = f
	}
	return errs
}
